namespace DistNet.Protocol;

/// <summary>The steps recorded between one restoring of the shards and the next.</summary>
internal sealed class LedgerSegment
{
    private readonly List<StepRecord>[] _shards;

    public LedgerSegment(ShardsRestored restored)
    {
        Restored = restored;
        _shards = [.. Enumerable.Range(0, restored.ParameterShards).Select(_ => new List<StepRecord>())];
    }

    /// <summary>What it begins with.</summary>
    public ShardsRestored Restored { get; }

    /// <summary>By shard, its records in the ledger's order.</summary>
    public IReadOnlyList<IReadOnlyList<StepRecord>> Shards => _shards;

    /// <summary>The version up to which every shard has recorded; at least the one it began with.</summary>
    public long Version => _shards.Min(steps => steps.Count == 0 ? Restored.Version : Math.Max(Restored.Version, steps[^1].Version + 1));

    /// <summary>Adds a record.</summary>
    public void Add(int shard, StepRecord step) => _shards[shard].Add(step);

    /// <summary>Drops the records of steps that are to be made again.</summary>
    /// <returns>How many.</returns>
    public int Supersede(long fromVersion) => _shards.Sum(steps => steps.RemoveAll(step => step.Version >= fromVersion));
}
