using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>Where a run stands by its ledger: what a coordinator that recovers has to know, and what it keeps while it writes.</summary>
public sealed class RunLedger
{
    private readonly List<EpochReport> _epochs = [];

    // By shard: the version after the last step recorded since the shards were restored.
    private long[] _versions = [];

    /// <summary>What is to be made, or null in an empty ledger.</summary>
    public RunAccepted? Accepted { get; private set; }

    /// <summary>The newest generation; a successor begins with the next.</summary>
    public Generation Generation { get; private set; }

    /// <summary>The generation that gave the shards their state: what was done under an older one no longer counts.</summary>
    public Generation RestoredAt { get; private set; }

    /// <summary>Numbers of the workers.</summary>
    public WorkerTable Workers { get; } = new();

    /// <summary>The newest checkpoint, or null before the first.</summary>
    public CheckpointRecorded? Checkpoint { get; private set; }

    /// <summary>The epochs reported, in order.</summary>
    public IReadOnlyList<EpochReport> Epochs => _epochs;

    /// <summary>By shard, the version up to which its steps are recorded.</summary>
    public IReadOnlyList<long> Versions => _versions;

    /// <summary>The version that every shard has reached; 0 before the shards have a state.</summary>
    public long Version => _versions.Length == 0 ? 0 : _versions.Min();

    /// <summary>How the run ended or failed, or null while it may go on by itself.</summary>
    public LedgerEvent? End { get; private set; }

    /// <summary>Takes in an event that is safe in the journal, or replayed from it.</summary>
    public void Apply(LedgerEvent entry)
    {
        ArgumentNullException.ThrowIfNull(entry);
        switch (entry)
        {
            case RunAccepted e: Accepted = e; break;
            case ShardsRestored e: Restore(e); break;
            case GenerationOpened e: Open(e); break;
            case StepsRecorded e: Advance(e); break;
            case CheckpointRecorded e: Checkpoint = e; break;
            case EpochRecorded e: Add(e.Report); break;
            case RunEnded or RunFailed: End = entry; break;
            default: throw new InvalidOperationException($"No way to take in {entry}.");
        }
    }

    /// <summary>The event for steps that a shard reports, without those that are recorded already: shards repeat what was not acknowledged.</summary>
    /// <param name="shard">Its index.</param>
    /// <param name="steps">In order of versions.</param>
    /// <returns>Null where there is nothing to record: all is known, or was superseded by a roll-back.</returns>
    public StepsRecorded? Unrecorded(int shard, IReadOnlyList<StepRecord> steps)
    {
        ArgumentNullException.ThrowIfNull(steps);
        StepRecord[] fresh = [.. steps.Where(step => step.Generation >= RestoredAt && step.Version >= _versions[shard])];
        return fresh.Length == 0 ? null : new StepsRecorded(shard, fresh);
    }

    // An epoch that was reported and then replayed in another session is reported again, the same.
    private void Add(EpochReport report)
    {
        _epochs.RemoveAll(known => known.Epoch >= report.Epoch);
        _epochs.Add(report);
    }

    private void Restore(ShardsRestored restored)
    {
        (Generation, RestoredAt, End) = (restored.Generation, restored.Generation, null);
        _versions = new long[restored.ParameterShards];
        Array.Fill(_versions, restored.Version);
    }

    private void Open(GenerationOpened opened)
    {
        Generation = opened.Generation;
        Workers.Add(opened.Workers);
    }

    private void Advance(StepsRecorded recorded)
    {
        if (recorded.Steps.Length > 0)
            _versions[recorded.Shard] = recorded.Steps[^1].Version + 1;
    }
}
