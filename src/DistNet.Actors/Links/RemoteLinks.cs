using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>From this node's workers to a parameter shard on another node: one gradient sum for each node of the tree, siblings added before they leave.</summary>
internal sealed class RemoteShardLink(TensorTransport transport, long run, ShardAssignment shard) : IGradientLink
{
    private readonly Lock _gate = new();
    private readonly GradientSumCollector<PushGradientSum> _sums = new();
    private readonly List<TreeNode> _nodes = [];
    private readonly List<Contribution<PushGradientSum>> _parts = [];
    private readonly TensorPool _merged = new(shard.Length);
    private readonly TreeSum _treeSum = new();
    private Generation _generation;
    private NodeLease _lease;
    private TensorAddress _to;
    private long _version = -1;

    /// <summary>A generation begins: where the shard is, and which part of each step is this node's.</summary>
    public void Open(Generation generation, NodeLease lease, TensorAddress to)
    {
        lock (_gate)
        {
            if (generation <= _generation)
                return;
            (_generation, _lease, _to, _version) = (generation, lease, to, -1);
            Drain();
        }
    }

    /// <inheritdoc/>
    public void Push(PushGradientSum push)
    {
        lock (_gate)
        {
            if (push.Generation != _generation)
                push.Sum.Release();
            else if (_lease.Workers == 1)
                Send(push, shard.Offset);
            else
                Gather(push);
        }
    }

    private void Gather(PushGradientSum push)
    {
        int count = shard.Plan.MicroBatchCount(push.Version);
        if (push.Version != _version)
        {
            Drain();
            _sums.Begin(count);
            _version = push.Version;
        }
        if (_sums.Add(push.Node, push.Worker, push) != Offer.Added)
            push.Sum.Release();
        else if (_sums.Covered == _lease.EndMicroBatch(count) - _lease.FirstMicroBatch(count))
            SendMerged(count);
    }

    private void SendMerged(int count)
    {
        _nodes.Clear();
        ReductionTree.Cover(count, _lease.FirstMicroBatch(count), _lease.EndMicroBatch(count), _nodes);
        foreach (TreeNode node in _nodes)
        {
            _parts.Clear();
            _parts.AddRange(_sums.Contributions.Where(contribution => node.Covers(contribution.Node)));
            if (_parts.Count > 1)
                Send(Merge(node, count), 0);
        }
        foreach (Contribution<PushGradientSum> whole in _sums.Contributions)
        {
            if (_nodes.Contains(whole.Node))
                Send(whole.Sum, shard.Offset);
            else
                whole.Sum.Sum.Release();
        }
        _sums.Begin(count);
        _version = -1;
    }

    // Under the name of the first of the node's workers that had a part in it.
    private PushGradientSum Merge(TreeNode node, int count)
    {
        TensorBuffer sum = _merged.Rent(holders: 1);
        for (int start = 0; start < shard.Length; start += TreeSum.BlockLength)
        {
            int length = Math.Min(TreeSum.BlockLength, shard.Length - start);
            _treeSum.Block(count, _parts, shard.Offset + start, length).CopyTo(sum.Span[start..]);
        }
        return _parts[0].Sum with { Node = node, Statistics = TreeSum.Statistics(node, _parts), Sum = sum };
    }

    private void Send(PushGradientSum push, int start)
    {
        FrameLabel label = new(run, push.Generation, shard.Shard, push.Version, push.Node, push.Statistics, push.Worker);
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        transport.Send(_to, FrameKind.GradientSum, label.Write(metadata), push.Sum, start..(start + shard.Length));
    }

    private void Drain() => _sums.Drain(static push => push.Sum.Release());
}

/// <summary>From a parameter shard of this node to the workers of another one.</summary>
internal sealed class RemoteNodeLink(TensorTransport transport, TensorAddress to, long run, ShardAssignment shard, ParameterStore store) : IParameterLink
{
    // More than one only while the wire is slower than the steps.
    private readonly TensorPool _copies = new(shard.Length);

    /// <inheritdoc/>
    /// <remarks>
    /// A copy is sent. A node that is no longer waited for may still be receiving when the shard goes back to a checkpoint, or two versions on:
    /// what was sent from the store itself would change under way, its checksum would fail, and the node would be taken for lost once more.
    /// </remarks>
    public void Publish(ParametersPublished published)
    {
        FrameLabel label = new(run, published.Generation, shard.Shard, published.Version, default, default, "");
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        TensorBuffer copy = _copies.Rent(holders: 1);
        store.Published(published.Version, shard.Offset, shard.Length).Span.CopyTo(copy.Span);
        transport.Send(to, FrameKind.Parameters, label.Write(metadata), copy, ..shard.Length);
    }
}
