namespace DistNet.Protocol;

/// <summary>The shares of all workers of one node, which lie side by side.</summary>
/// <param name="First">Index of the first worker's share.</param>
/// <param name="Workers">How many of them.</param>
/// <param name="Count">Workers that share each step, on all nodes.</param>
public readonly record struct NodeLease(int First, int Workers, int Count)
{
    /// <summary>The first micro-batch of the node in a step of <paramref name="microBatchCount"/>.</summary>
    public int FirstMicroBatch(int microBatchCount) => new Lease(First, Count).First(microBatchCount);

    /// <summary>The micro-batch after the node's last.</summary>
    public int EndMicroBatch(int microBatchCount) => new Lease(First + Workers - 1, Count).End(microBatchCount);
}
