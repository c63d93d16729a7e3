using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>All that a parameter shard is, at one version: its range of the parameters and of the optimizer's slots.</summary>
/// <param name="Version">Steps made.</param>
/// <param name="EpochStatistics">Over the steps of the epoch under way.</param>
/// <param name="Parameters">The range.</param>
/// <param name="Slots">The slots by name, each as long as the range; one that is missing is as before the first step.</param>
public readonly record struct ShardState(
    long Version,
    LossStatistics EpochStatistics,
    ReadOnlyMemory<float> Parameters,
    IReadOnlyDictionary<string, ReadOnlyMemory<float>> Slots)
{
    /// <summary>A shard's part of a checkpoint; nothing is copied.</summary>
    public static ShardState Of(Checkpoint checkpoint, int offset, int length)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        return new ShardState(
            checkpoint.Version,
            checkpoint.EpochStatistics,
            checkpoint.Parameters.AsMemory(offset, length),
            checkpoint.Slots.ToDictionary(slot => slot.Key, slot => (ReadOnlyMemory<float>)slot.Value.AsMemory(offset, length)));
    }
}
