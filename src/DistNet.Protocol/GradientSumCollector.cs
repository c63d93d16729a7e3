namespace DistNet.Protocol;

/// <summary>What became of a gradient sum that was offered.</summary>
public enum Offer
{
    /// <summary>Kept: it brings micro-batches that were missing.</summary>
    Added,

    /// <summary>All its micro-batches were there already: counted once, not twice.</summary>
    Duplicate,

    /// <summary>Not a node of this step's tree.</summary>
    NotANode,

    /// <summary>Of an older generation: its sender no longer holds that lease.</summary>
    StaleGeneration,

    /// <summary>Of a step that is complete, or of one that has not begun.</summary>
    OtherVersion,
}

/// <summary>Gathers the gradient sums of one step until they cover the whole reduction tree: each micro-batch once, first arrival wins.</summary>
/// <typeparam name="TSum">Whatever carries a sum; the collector only keeps it.</typeparam>
public sealed class GradientSumCollector<TSum>
{
    // Ascending by First, pairwise disjoint.
    private readonly List<Contribution<TSum>> _contributions = [];

    // Replaced by a sum that covers theirs as well; kept until the step ends, so that their owners get them back.
    private readonly List<TSum> _replaced = [];

    /// <summary>Micro-batches of this step.</summary>
    public int MicroBatchCount { get; private set; }

    /// <summary>Micro-batches whose sums are here.</summary>
    public int Covered { get; private set; }

    /// <summary>Whether every micro-batch is here.</summary>
    public bool IsComplete => MicroBatchCount > 0 && Covered == MicroBatchCount;

    /// <summary>The sums that count, in the tree's order, none covering another.</summary>
    public IReadOnlyList<Contribution<TSum>> Contributions => _contributions;

    /// <summary>Begins a step. What was held is forgotten; drain it first.</summary>
    public void Begin(int microBatchCount)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatchCount, 1);
        MicroBatchCount = microBatchCount;
        Covered = 0;
        _contributions.Clear();
        _replaced.Clear();
    }

    /// <summary>Offers a sum. A sum that covers smaller ones takes their place, which changes no bit.</summary>
    public Offer Add(TreeNode node, string worker, TSum sum)
    {
        if (!ReductionTree.Contains(MicroBatchCount, node))
            return Offer.NotANode;
        int at = 0;
        while (at < _contributions.Count && _contributions[at].Node.End <= node.First)
            at++;
        if (at < _contributions.Count && _contributions[at].Node.Covers(node))
            return Offer.Duplicate;
        Replace(at, node);
        _contributions.Insert(at, new Contribution<TSum>(node, worker, sum));
        Covered += node.Count;
        return Offer.Added;
    }

    /// <summary>Hands every sum held, used or replaced, to <paramref name="release"/>, and holds none afterwards.</summary>
    public void Drain(Action<TSum> release)
    {
        ArgumentNullException.ThrowIfNull(release);
        foreach (Contribution<TSum> contribution in _contributions)
            release(contribution.Sum);
        foreach (TSum sum in _replaced)
            release(sum);
        _contributions.Clear();
        _replaced.Clear();
        Covered = 0;
    }

    /// <summary>The first micro-batch that is missing, or -1.</summary>
    public int FirstMissing()
    {
        int next = 0;
        foreach (Contribution<TSum> contribution in _contributions)
        {
            if (contribution.Node.First > next)
                return next;
            next = contribution.Node.End;
        }
        return next < MicroBatchCount ? next : -1;
    }

    /// <summary>Nodes that cover the missing micro-batches exactly, none of more than <paramref name="largest"/>, in ascending order.</summary>
    public IReadOnlyList<TreeNode> Missing(int largest)
    {
        List<TreeNode> missing = [];
        int next = 0;
        foreach (Contribution<TSum> contribution in _contributions)
        {
            ReductionTree.Cover(MicroBatchCount, next, contribution.Node.First, largest, missing);
            next = contribution.Node.End;
        }
        ReductionTree.Cover(MicroBatchCount, next, MicroBatchCount, largest, missing);
        return missing;
    }

    // Tree nodes nest or are disjoint, so whatever overlaps the new node from here on lies inside it.
    private void Replace(int at, TreeNode node)
    {
        while (at < _contributions.Count && node.Covers(_contributions[at].Node))
        {
            Covered -= _contributions[at].Node.Count;
            _replaced.Add(_contributions[at].Sum);
            _contributions.RemoveAt(at);
        }
    }
}

/// <summary>A gradient sum that counts.</summary>
/// <param name="Node">The micro-batches it covers.</param>
/// <param name="Worker">Who computed it.</param>
/// <param name="Sum">The sum.</param>
public readonly record struct Contribution<TSum>(TreeNode Node, string Worker, TSum Sum);
