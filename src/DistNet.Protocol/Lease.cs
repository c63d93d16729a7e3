namespace DistNet.Protocol;

/// <summary>Which micro-batches of each step a worker computes: the <paramref name="Index"/>-th of
/// <paramref name="Count"/> shares that are as equal as can be.</summary>
/// <param name="Index">From 0.</param>
/// <param name="Count">Workers that share each step.</param>
/// <remarks>A rule, not a list: it holds for every step of a generation, so that no message is needed from step to step.</remarks>
public readonly record struct Lease(int Index, int Count)
{
    /// <summary>The first micro-batch of this share in a step of <paramref name="microBatchCount"/>.</summary>
    public int First(int microBatchCount) => Boundary(Index, microBatchCount);

    /// <summary>The micro-batch after the last of this share; equal to <see cref="First"/> where there are fewer micro-batches than workers.</summary>
    public int End(int microBatchCount) => Boundary(Index + 1, microBatchCount);

    /// <summary>Whether this share has no micro-batch in a step of <paramref name="microBatchCount"/>.</summary>
    public bool IsEmpty(int microBatchCount) => First(microBatchCount) == End(microBatchCount);

    /// <summary>Whether this share has the micro-batch.</summary>
    public bool Holds(int microBatch, int microBatchCount) => First(microBatchCount) <= microBatch && microBatch < End(microBatchCount);

    private int Boundary(int index, int microBatchCount) => (int)((long)index * microBatchCount / Count);
}
