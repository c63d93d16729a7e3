using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>Which range of the parameter vector a parameter shard owns, and how it is to be updated.</summary>
public sealed class ShardAssignment
{
    private readonly TrainingSpec _spec;

    private ShardAssignment(TrainingSpec spec, RunPlan plan, ParameterLayout layout, int shard, int offset, int length)
    {
        (_spec, Plan, Layout, Shard, Offset, Length) = (spec, plan, layout, shard, offset, length);
    }

    /// <summary>The run's steps and epochs.</summary>
    public RunPlan Plan { get; }

    /// <summary>Where each tensor lies.</summary>
    public ParameterLayout Layout { get; }

    /// <summary>The shard's index, from 0.</summary>
    public int Shard { get; }

    /// <summary>Where its range begins in the parameter vector.</summary>
    public int Offset { get; }

    /// <summary>Elements in its range.</summary>
    public int Length { get; }

    /// <summary>The optimizer's slots, each as long as the range.</summary>
    public int SlotCount => _spec.Optimizer.SlotNames.Count;

    /// <summary>Bytes of its state: parameters and slots. Between nodes they go in one frame, of
    /// <see cref="TensorTransportOptions.PayloadCeilingBytes"/> at most.</summary>
    public long StateBytes => (long)Length * (1 + SlotCount) * sizeof(float);

    /// <summary>After which whoever a step waits for may be taken for lost; in one process it takes longer.</summary>
    internal TimeSpan StepDeadline => StepDeadlines.InCluster(_spec);

    /// <summary>Cuts the parameter vector into ranges that are as equal as can be, each but the last a multiple of a cache line.</summary>
    public static IReadOnlyList<ShardAssignment> Cut(TrainingSpec spec, RunPlan plan, int shardCount)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentOutOfRangeException.ThrowIfLessThan(shardCount, 1);
        ParameterLayout layout = ParameterLayout.For(spec.Network);
        int Boundary(int shard) => shard == shardCount ? layout.Count : (int)((long)layout.Count * shard / shardCount) & ~15;
        return [.. Enumerable.Range(0, shardCount)
            .Select(i => new ShardAssignment(spec, plan, layout, i, Boundary(i), Boundary(i + 1) - Boundary(i)))];
    }

    /// <summary>The shard's part of a whole vector.</summary>
    public ReadOnlySpan<float> RangeOf(ReadOnlySpan<float> vector) => vector.Slice(Offset, Length);

    /// <summary>An optimizer for the range, its slots as they are before the first step.</summary>
    public OptimizerState NewOptimizer() => new(_spec, Layout, Offset, Length, Plan.TotalSteps);
}
