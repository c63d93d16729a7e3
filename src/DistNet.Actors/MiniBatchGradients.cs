using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>What a worker computes: the gradient sums of its share of a step, or of any other node of it.</summary>
/// <remarks>The forward pass runs over the whole share at once; one sum is formed for each node of the reduction tree that the share consists of.</remarks>
public sealed class MiniBatchGradients
{
    private readonly TrainingSpec _spec;
    private readonly StepExamples _examples;
    private readonly RunPlan _plan;
    private readonly List<TreeNode> _nodes = [];

    // Sized for the largest share so far.
    private Backpropagation<float>? _backpropagation;
    private int _capacity;

    // The version whose share lies in the input buffers, and the share: (first, count), places in the epoch's order. -1 for none.
    private long _gathered = -1;
    private (int First, int Count) _gatheredShare;

    // The order of _epoch; undefined before the first.
    private readonly int[] _order;
    private int _epoch;

    /// <summary>Prepares for a run over these training examples (validation examples not included).</summary>
    public MiniBatchGradients(TrainingSpec spec, IExampleSet examples, RunPlan plan)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(examples);
        (_spec, _examples, _plan) = (spec, new StepExamples(spec, examples), plan);
        _order = new int[examples.Count];
    }

    /// <summary>Runs the forward pass over a share of the step from <paramref name="version"/>.</summary>
    /// <returns>The nodes whose sums <see cref="Sum"/> can now form, in ascending order; empty where the
    /// share has no micro-batch. Valid until the next call.</returns>
    public IReadOnlyList<TreeNode> Forward(long version, Lease lease, ReadOnlySpan<float> parameters)
    {
        int microBatchCount = _plan.MicroBatchCount(version);
        _nodes.Clear();
        ReductionTree.Cover(microBatchCount, lease.First(microBatchCount), lease.End(microBatchCount), _nodes);
        if (_nodes.Count == 0)
            return _nodes;
        Gather(version, ShareOf(version, lease));
        _backpropagation!.Forward(parameters, _gatheredShare.Count);
        return _nodes;
    }

    /// <summary>Runs the forward pass over a single node of the step, whosever share it is in; <see cref="Sum"/> can now form its sum.</summary>
    public void Forward(long version, TreeNode node, ReadOnlySpan<float> parameters)
    {
        Gather(version, node);
        _backpropagation!.Forward(parameters, _gatheredShare.Count);
    }

    /// <summary>Gathers a share before its turn has come, while there is nothing else to do; the sums of the step before must have been formed.</summary>
    public void GatherAhead(long version, Lease lease)
    {
        if (version < _plan.TotalSteps && !lease.IsEmpty(_plan.MicroBatchCount(version)))
            Gather(version, ShareOf(version, lease));
    }

    /// <summary>Forms the gradient sum of one of the nodes that the forward pass ran over.</summary>
    /// <param name="version">The same version.</param>
    /// <param name="node">The node.</param>
    /// <param name="parameters">The same parameters.</param>
    /// <param name="sum">The sum over the node's examples; overwritten.</param>
    /// <returns>Loss and correct answers over the node's examples.</returns>
    public LossStatistics Sum(long version, TreeNode node, ReadOnlySpan<float> parameters, Span<float> sum)
    {
        int shareFirst = _gatheredShare.First;
        (int first, int count) = ExamplesOf(version, node);
        LossStatistics statistics = _backpropagation!.Measure(first - shareFirst, count);
        _backpropagation.GradientSum(parameters, first - shareFirst, count, sum);
        return statistics;
    }

    // Places in the epoch's order, from where the node's examples begin.
    private (int First, int Count) ExamplesOf(long version, TreeNode node)
    {
        (int batchFirst, int batchCount) = _plan.Batch(version);
        int first = node.First * _spec.MicroBatchSize;
        int end = Math.Min(node.End * _spec.MicroBatchSize, batchCount);
        return (batchFirst + first, end - first);
    }

    private TreeNode ShareOf(long version, Lease lease)
    {
        int microBatchCount = _plan.MicroBatchCount(version), first = lease.First(microBatchCount);
        return new TreeNode(first, lease.End(microBatchCount) - first);
    }

    // Micro-batches that lie side by side, a node of the tree or not.
    private void Gather(long version, TreeNode microBatches)
    {
        (int first, int count) = ExamplesOf(version, microBatches);
        if (_gathered == version && _gatheredShare == (first, count))
            return;
        (_gathered, _gatheredShare) = (version, (first, count));
        Shuffle(_plan.EpochOf(version));
        if (count > _capacity)
            (_backpropagation, _capacity) = (new Backpropagation<float>(_spec.Network, _spec.MicroBatchSize, count), count);
        _examples.Load(_backpropagation!, _epoch, _order.AsSpan(first, count));
    }

    private void Shuffle(int epoch)
    {
        if (epoch == _epoch)
            return;
        ExampleOrder.Fill(_order, _spec.Seed, epoch);
        _epoch = epoch;
    }
}
