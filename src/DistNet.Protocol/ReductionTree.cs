using System.Numerics;

namespace DistNet.Protocol;

/// <summary>
/// The fixed tree along which the gradient sums of a mini-batch's micro-batches are added: over leaves 0..M-1 it splits at the largest
/// power of two below M, and a node is left + right. Its shape depends on M alone, so the bits do not depend on who added what, or when.
/// </summary>
public static class ReductionTree
{
    /// <summary>Leaves in the left child of a node of <paramref name="count"/> leaves: the largest power of two below count.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A leaf has no children: count is below 2.</exception>
    public static int LeftCount(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 2);
        return 1 << BitOperations.Log2((uint)(count - 1));
    }

    /// <summary>Whether <paramref name="node"/> is a node of the tree over <paramref name="leafCount"/> leaves.</summary>
    public static bool Contains(int leafCount, TreeNode node)
    {
        if (node.First < 0 || node.Count < 1 || node.First > leafCount - node.Count)
            return false;
        TreeNode here = new(0, leafCount);
        while (here != node)
        {
            if (here.Count <= node.Count)
                return false;
            here = ChildToward(here, node.First);
        }
        return true;
    }

    /// <summary>Whether left + right is a node of the tree, so that the two may be added.</summary>
    public static bool AreSiblings(int leafCount, TreeNode left, TreeNode right)
    {
        if (left.End != right.First)
            return false;
        TreeNode parent = new(left.First, left.Count + right.Count);
        return LeftCount(parent.Count) == left.Count && Contains(leafCount, parent);
    }

    /// <summary>Adds to <paramref name="nodes"/> the fewest nodes that cover the leaves [first, end) exactly, in ascending order.</summary>
    public static void Cover(int leafCount, int first, int end, ICollection<TreeNode> nodes) => Cover(leafCount, first, end, leafCount, nodes);

    /// <summary>The same, of nodes that have no more than <paramref name="largest"/> leaves.</summary>
    public static void Cover(int leafCount, int first, int end, int largest, ICollection<TreeNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        ArgumentOutOfRangeException.ThrowIfLessThan(largest, 1);
        if (first < 0 || end > leafCount)
            throw new ArgumentOutOfRangeException(nameof(end), $"Micro-batches {first} to {end} are not within 0 to {leafCount}.");
        if (first < end)
            Cover(new TreeNode(0, leafCount), first, end, largest, nodes);
    }

    private static void Cover(TreeNode here, int first, int end, int largest, ICollection<TreeNode> nodes)
    {
        if (here.End <= first || end <= here.First)
            return;
        if (first <= here.First && here.End <= end && here.Count <= largest)
        {
            nodes.Add(here);
            return;
        }
        int left = LeftCount(here.Count);
        Cover(new TreeNode(here.First, left), first, end, largest, nodes);
        Cover(new TreeNode(here.First + left, here.Count - left), first, end, largest, nodes);
    }

    private static TreeNode ChildToward(TreeNode parent, int leaf)
    {
        int left = LeftCount(parent.Count);
        return leaf < parent.First + left ? new TreeNode(parent.First, left) : new TreeNode(parent.First + left, parent.Count - left);
    }
}
