using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>At which versions the parameter shards hand over a copy of their state, and how far they may step before the last copy is dealt with.</summary>
/// <remarks>
/// Known before the run begins, so that no shard ever waits to be told: it is always one snapshot ahead, and stops only where a decision
/// (go on, or stop early) needs the snapshot's evaluation.
/// </remarks>
public sealed class SnapshotPlan
{
    private readonly RunPlan _plan;
    private readonly int _checkpointEvery;
    private readonly bool _atEpochEnds;
    private readonly bool _decidesAtEpochEnds;

    /// <summary>Lays out the snapshots of a run.</summary>
    /// <param name="plan">The run's steps and epochs.</param>
    /// <param name="spec">Says whether epochs are validated and may end the run.</param>
    /// <param name="checkpointEvery">Steps between checkpoints; 0 takes one at each epoch's end.</param>
    public SnapshotPlan(RunPlan plan, TrainingSpec spec, int checkpointEvery)
    {
        ArgumentNullException.ThrowIfNull(plan);
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfNegative(checkpointEvery);
        _plan = plan;
        _checkpointEvery = checkpointEvery;
        _decidesAtEpochEnds = spec.EarlyStoppingPatience is not null;
        _atEpochEnds = checkpointEvery == 0 || spec.ValidationFraction > 0 || _decidesAtEpochEnds;
    }

    /// <summary>The first snapshot after <paramref name="version"/>; the last version always is one.</summary>
    public long Next(long version)
    {
        long next = _plan.TotalSteps;
        if (_atEpochEnds)
            next = Math.Min(next, NextMultiple(version, _plan.StepsPerEpoch));
        if (_checkpointEvery > 0)
            next = Math.Min(next, NextMultiple(version, _checkpointEvery));
        return next;
    }

    /// <summary>How far the shards may step once the snapshot of <paramref name="version"/> is dealt with.</summary>
    public long Until(long version)
    {
        long next = Next(version);
        return _decidesAtEpochEnds && _plan.IsEpochEnd(next) ? next : Next(next);
    }

    private static long NextMultiple(long version, long interval) => (version / interval + 1) * interval;
}
