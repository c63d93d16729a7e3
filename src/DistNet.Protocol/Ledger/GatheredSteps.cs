namespace DistNet.Protocol;

/// <summary>Steps that parameter shards reported and that are not yet written: each once, without a gap.</summary>
public sealed class GatheredSteps
{
    private Generation _restoredAt;

    // By shard: the steps, and the version after the last one gathered, written or restored to.
    private List<StepRecord>[] _steps = [];
    private long[] _next = [];

    /// <summary>Whether shards were restored in this session.</summary>
    public bool HasBegun => _next.Length > 0;

    /// <summary>The version up to which the steps of every shard were reported.</summary>
    public long Version => _next.Length == 0 ? 0 : _next.Min();

    /// <summary>Steps that wait to be written.</summary>
    public int Count => _steps.Sum(steps => steps.Count);

    /// <summary>Whether reports of a shard that name a restore are of the one that holds.</summary>
    public bool IsOf(Generation restoredAt, int shard) => HasBegun && restoredAt == _restoredAt && (uint)shard < (uint)_steps.Length;

    /// <summary>The shards were restored; whatever they did before is undone.</summary>
    public void Begin(ShardsRestored restored)
    {
        ArgumentNullException.ThrowIfNull(restored);
        _restoredAt = restored.Generation;
        _steps = [.. Enumerable.Range(0, restored.ParameterShards).Select(_ => new List<StepRecord>())];
        _next = new long[restored.ParameterShards];
        Array.Fill(_next, restored.Version);
    }

    /// <summary>Takes in what a shard reported; what is known already is passed over.</summary>
    /// <returns>False if steps before these are missing: a report was lost, and is to be repeated.</returns>
    public bool Add(StepsRecorded reported)
    {
        ArgumentNullException.ThrowIfNull(reported);
        foreach (StepRecord step in reported.Steps.Where(step => step.Version >= _next[reported.Shard]))
        {
            if (step.Version != _next[reported.Shard])
                return false;
            _steps[reported.Shard].Add(step);
            _next[reported.Shard]++;
        }
        return true;
    }

    /// <summary>All that waits, to be written.</summary>
    public IReadOnlyCollection<StepsRecorded> Take()
    {
        StepsRecorded[] gathered = [.. _steps.Select((steps, shard) => new StepsRecorded(shard, [.. steps])).Where(recorded => recorded.Steps.Length > 0)];
        foreach (List<StepRecord> steps in _steps)
            steps.Clear();
        return gathered;
    }
}
