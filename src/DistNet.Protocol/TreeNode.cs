namespace DistNet.Protocol;

/// <summary>A node of the reduction tree, named by the micro-batches whose gradient sums it holds: [First, First + Count).</summary>
/// <param name="First">The first micro-batch, from 0.</param>
/// <param name="Count">How many micro-batches, at least 1.</param>
public readonly record struct TreeNode(int First, int Count)
{
    /// <summary>The micro-batch after the last one.</summary>
    public int End => First + Count;

    /// <summary>Whether every micro-batch of <paramref name="other"/> is in this node too.</summary>
    public bool Covers(TreeNode other) => First <= other.First && other.End <= End;

    /// <inheritdoc/>
    public override string ToString() => Count == 1 ? $"{First}" : $"{First}-{End - 1}";
}
