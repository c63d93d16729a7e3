namespace DistNet.Protocol;

/// <summary>The steps a parameter shard made since it was restored that are not yet known to be in the ledger.</summary>
/// <remarks>Bounded by what lies between two checkpoints, since a checkpoint is saved only after the steps before it are safe.</remarks>
public sealed class StepLog
{
    /// <summary>Steps taken at once: what they become fits a message, with a sum for each of some hundred micro-batches too.</summary>
    public const int BatchSize = 64;

    // In order of versions, without a gap.
    private readonly List<StepRecord> _steps = [];
    private readonly WorkerTable _workers = new();

    // How many of _steps, from the first on, were taken.
    private int _taken;

    /// <summary>Whether steps are recorded at all: a run without a ledger makes none.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether there are steps to take.</summary>
    public bool HasMore => _taken < _steps.Count;

    /// <summary>Addresses of the workers that the records number: of this log, not of the ledger.</summary>
    public IReadOnlyList<string> Workers => _workers.Addresses;

    /// <summary>Records a step.</summary>
    /// <typeparam name="TSum">Whatever carries a sum.</typeparam>
    /// <param name="version">The version it began from.</param>
    /// <param name="generation">See <see cref="StepRecord"/>.</param>
    /// <param name="sums">What was added.</param>
    /// <param name="refused">Duplicates, and stale sums.</param>
    public void Add<TSum>(long version, Generation generation, IReadOnlyList<Contribution<TSum>> sums, (int Duplicates, int Stale) refused)
    {
        ArgumentNullException.ThrowIfNull(sums);
        if (!IsKept)
            return;
        SumRecord[] records = new SumRecord[sums.Count];
        for (int i = 0; i < records.Length; i++)
            records[i] = new SumRecord(sums[i].Node, _workers.Add(sums[i].Worker));
        _steps.Add(new StepRecord(version, generation, records, refused.Duplicates, refused.Stale));
    }

    /// <summary>The next steps that were not taken, at most <see cref="BatchSize"/>.</summary>
    public StepRecord[] Take()
    {
        StepRecord[] batch = [.. _steps.GetRange(_taken, Math.Min(BatchSize, _steps.Count - _taken))];
        _taken += batch.Length;
        return batch;
    }

    /// <summary>All that is not safe is to be taken once more: some of it was lost.</summary>
    public void TakeAgain() => _taken = 0;

    /// <summary>The steps before a version are safe in the ledger.</summary>
    public void Forget(long version)
    {
        int safe = 0;
        while (safe < _steps.Count && _steps[safe].Version < version)
            safe++;
        _steps.RemoveRange(0, safe);
        _taken = Math.Max(0, _taken - safe);
    }

    /// <summary>The shard is restored: the steps it made are undone, or were safe before.</summary>
    public void Clear()
    {
        _steps.Clear();
        _taken = 0;
    }
}
