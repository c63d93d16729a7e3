namespace DistNet.Protocol;

/// <summary>The steps a parameter shard made since it was restored that are not yet known to be in the ledger.</summary>
/// <remarks>Bounded by what lies between two checkpoints, since a checkpoint is saved only after the steps before it are safe.</remarks>
public sealed class StepLog
{
    /// <summary>Most steps taken at once.</summary>
    public const int BatchSize = 64;

    // What a batch becomes fits a message: so much for the addresses of its workers and its sums, one step's at least.
    private const int BatchBytes = 40_000;
    private const int SumBytes = 8;

    // In order of versions, without a gap; workers are numbered by _workers.
    private readonly List<StepRecord> _steps = [];
    private WorkerTable _workers = new();

    // How many of _steps, from the first on, were taken.
    private int _taken;

    /// <summary>Whether steps are recorded at all: a run without a ledger makes none.</summary>
    public bool IsKept { get; set; }

    /// <summary>Whether there are steps to take.</summary>
    public bool HasMore => _taken < _steps.Count;

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
    public StepBatch Take()
    {
        WorkerTable workers = new();
        List<StepRecord> batch = [];
        for (int bytes = 0; HasMore && batch.Count < BatchSize; _taken++)
        {
            StepRecord step = _steps[_taken];
            bytes += BytesOf(step, workers);
            if (batch.Count > 0 && bytes > BatchBytes)
                break;
            batch.Add(step with { Sums = Array.ConvertAll(step.Sums, sum => sum with { Worker = workers.Add(AddressOf(sum)) }) });
        }
        return new StepBatch([.. workers.Addresses], [.. batch]);
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
        _workers = new WorkerTable();
        _taken = 0;
    }

    // At most so many.
    private int BytesOf(StepRecord step, WorkerTable named)
    {
        int bytes = SumBytes * step.Sums.Length;
        foreach (SumRecord sum in step.Sums)
            bytes += named.Contains(AddressOf(sum)) ? 0 : AddressOf(sum).Length;
        return bytes;
    }

    private string AddressOf(SumRecord sum) => _workers.Addresses[sum.Worker];
}

/// <summary>Steps of a log, on their way to the ledger.</summary>
/// <param name="Workers">Addresses of the workers that the steps number: of this batch, not of the ledger.</param>
/// <param name="Steps">In order of versions, without a gap.</param>
public sealed record StepBatch(string[] Workers, StepRecord[] Steps);
