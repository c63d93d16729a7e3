using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>Puts the shards' pieces of one version together to a checkpoint.</summary>
internal sealed class SnapshotAssembly(TrainingSpec spec, string dataHash, int parameterCount, long version)
{
    private readonly float[] _parameters = GC.AllocateUninitializedArray<float>(parameterCount);
    private readonly Dictionary<string, float[]> _slots = [];
    private LossStatistics _epochStatistics;

    /// <summary>The version whose pieces are gathered.</summary>
    public long Version => version;

    /// <summary>Copies a piece to its place.</summary>
    public void Add(ShardSnapshot piece)
    {
        piece.Parameters.CopyTo(_parameters, piece.Offset);
        foreach ((string slot, float[] values) in piece.Slots)
        {
            if (!_slots.TryGetValue(slot, out float[]? whole))
                _slots[slot] = whole = GC.AllocateUninitializedArray<float>(parameterCount);
            values.CopyTo(whole, piece.Offset);
        }
        _epochStatistics = piece.EpochStatistics;
    }

    /// <summary>The whole, once every shard's piece was added.</summary>
    /// <remarks>At an epoch's end its statistics are in the history, and those of the epoch under way are zero.</remarks>
    public Checkpoint ToCheckpoint(RunPlan plan, IReadOnlyList<EpochReport> history) => new()
    {
        Spec = spec,
        DataHash = dataHash,
        Version = version,
        Parameters = _parameters,
        Slots = _slots,
        EpochStatistics = plan.IsEpochEnd(version) ? default : _epochStatistics,
        History = [.. history],
    };
}
