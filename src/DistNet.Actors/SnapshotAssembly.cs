using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>Puts the shards' pieces of one version together to a checkpoint.</summary>
internal sealed class SnapshotAssembly
{
    private readonly CoordinatedRun _run;
    private readonly int _parameterCount;
    private readonly float[] _parameters;
    private readonly Dictionary<string, float[]> _slots;
    private LossStatistics _epochStatistics;

    /// <summary>Begins to gather a version.</summary>
    /// <param name="run">The run.</param>
    /// <param name="parameterCount">Elements of the parameter vector.</param>
    /// <param name="version">The version.</param>
    /// <param name="worn">An older assembly's checkpoint that nobody needs any more, whose vectors are used again; or null.</param>
    public SnapshotAssembly(CoordinatedRun run, int parameterCount, long version, Checkpoint? worn)
    {
        (_run, _parameterCount, Version) = (run, parameterCount, version);
        _parameters = worn?.Parameters ?? GC.AllocateUninitializedArray<float>(parameterCount);
        _slots = worn is null ? [] : new Dictionary<string, float[]>(worn.Slots);
    }

    /// <summary>The version whose pieces are gathered.</summary>
    public long Version { get; }

    /// <summary>Copies a piece to its place, and releases it.</summary>
    public void Add(ShardSnapshot piece)
    {
        piece.State.Parameters.Span.CopyTo(_parameters.AsSpan(piece.Offset));
        foreach ((string slot, ReadOnlyMemory<float> values) in piece.State.Slots)
        {
            if (!_slots.TryGetValue(slot, out float[]? whole))
                _slots[slot] = whole = GC.AllocateUninitializedArray<float>(_parameterCount);
            values.Span.CopyTo(whole.AsSpan(piece.Offset));
        }
        _epochStatistics = piece.State.EpochStatistics;
        piece.Buffer.Release();
    }

    /// <summary>The whole, once every shard's piece was added.</summary>
    /// <remarks>At an epoch's end its statistics are in the history, and those of the epoch under way are zero.</remarks>
    public Checkpoint ToCheckpoint() => new()
    {
        Spec = _run.Job.Spec,
        DataHash = _run.Job.Examples.ContentHash,
        Version = Version,
        Parameters = _parameters,
        Slots = _slots,
        EpochStatistics = _run.Plan.IsEpochEnd(Version) ? default : _epochStatistics,
    };
}
