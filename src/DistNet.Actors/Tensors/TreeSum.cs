using DistNet.Neural;
using DistNet.Neural.Kernels;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Adds the gradient sums of a complete step along the reduction tree, a cache-sized block at a time.</summary>
/// <remarks>
/// The contributions are taken in order onto a stack; whenever the top two are siblings they become their parent, left + right. A block's
/// intermediate sums stay in the first-level cache, and every contribution is read from memory once.
/// </remarks>
public sealed class TreeSum
{
    /// <summary>Elements per block, 8 KB: a level or two of the tree, the block of the sum and of the slots stay in the
    /// first-level cache (measured: 16 KB is slower by a tenth, 4 KB no faster).</summary>
    public const int BlockLength = 2048;

    // Scratch i holds the sum at depth i of the stack, where that is not a contribution itself.
    private readonly List<float[]> _scratch = [];
    private readonly List<Entry> _stack = [];

    /// <summary>One block of the root's gradient sum.</summary>
    /// <param name="microBatchCount">Leaves of the tree.</param>
    /// <param name="contributions">Nodes in ascending order that cover the tree.</param>
    /// <param name="start">First element of the block within the parameter vector.</param>
    /// <param name="length">Elements, at most <see cref="BlockLength"/>.</param>
    /// <returns>The sum, valid until the next call.</returns>
    public ReadOnlySpan<float> Block(int microBatchCount, IReadOnlyList<Contribution<PushGradientSum>> contributions, int start, int length)
    {
        _stack.Clear();
        for (int i = 0; i < contributions.Count; i++)
        {
            _stack.Add(new Entry(contributions[i].Node, i));
            while (IsTopComplete(microBatchCount))
                AddTop(contributions, start, length);
        }
        return Elements(contributions, 0, start, length);
    }

    /// <summary>The loss and the correct answers of the whole step, added along the same tree.</summary>
    public static LossStatistics Statistics(int microBatchCount, IReadOnlyList<Contribution<PushGradientSum>> contributions) =>
        Statistics(new TreeNode(0, microBatchCount), contributions);

    /// <summary>The same of a node of the tree that the contributions cover.</summary>
    public static LossStatistics Statistics(TreeNode node, IReadOnlyList<Contribution<PushGradientSum>> contributions)
    {
        int next = 0;
        return Statistics(contributions, node, ref next);
    }

    private static LossStatistics Statistics(IReadOnlyList<Contribution<PushGradientSum>> contributions, TreeNode node, ref int next)
    {
        if (contributions[next].Node == node)
            return contributions[next++].Sum.Statistics;
        int left = ReductionTree.LeftCount(node.Count);
        LossStatistics first = Statistics(contributions, new TreeNode(node.First, left), ref next);
        return LossStatistics.Add(first, Statistics(contributions, new TreeNode(node.First + left, node.Count - left), ref next));
    }

    private bool IsTopComplete(int microBatchCount) =>
        _stack.Count >= 2 && ReductionTree.AreSiblings(microBatchCount, _stack[^2].Node, _stack[^1].Node);

    private void AddTop(IReadOnlyList<Contribution<PushGradientSum>> contributions, int start, int length)
    {
        int left = _stack.Count - 2;
        while (_scratch.Count <= left)
            _scratch.Add(new float[BlockLength]);
        MatrixKernels.AddInto(
            Elements(contributions, left, start, length),
            Elements(contributions, left + 1, start, length),
            _scratch[left].AsSpan(0, length));
        TreeNode node = new(_stack[left].Node.First, _stack[left].Node.Count + _stack[left + 1].Node.Count);
        _stack.RemoveAt(left + 1);
        _stack[left] = new Entry(node, Entry.InScratch);
    }

    private ReadOnlySpan<float> Elements(IReadOnlyList<Contribution<PushGradientSum>> contributions, int depth, int start, int length)
    {
        int contribution = _stack[depth].Contribution;
        return contribution == Entry.InScratch
            ? _scratch[depth].AsSpan(0, length)
            : contributions[contribution].Sum.Range(start, length);
    }

    private readonly record struct Entry(TreeNode Node, int Contribution)
    {
        public const int InScratch = -1;
    }
}
