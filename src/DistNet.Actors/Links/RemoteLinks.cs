using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>From this node's workers to a parameter shard on another node: one gradient sum for each
/// node of the tree, siblings added before they leave.</summary>
/// <remarks>What this node's workers compute beyond its lease, to help a slow one, goes by itself; so does a
/// sum of the lease that comes after the others have left.</remarks>
internal sealed class RemoteShardLink(TensorTransport transport, long run, ShardAssignment shard) : IGradientLink
{
    private readonly Lock _gate = new();
    private readonly GradientSumCollector<PushGradientSum> _sums = new();
    private readonly List<TreeNode> _nodes = [];
    private readonly List<Contribution<PushGradientSum>> _parts = [];
    private readonly TensorPool _merged = new(shard.Length, transport.SharesMemory);
    private readonly TreeSum _treeSum = new();
    private Generation _generation;
    private NodeLease _lease;
    private TensorAddress _to;

    // The version being gathered, or gathered last, or -1; and whether its sums have left.
    private long _version = -1;
    private bool _hasLeft;

    /// <summary>A generation begins: where the shard is, and which part of each step is this node's.</summary>
    public void Open(Generation generation, NodeLease lease, TensorAddress to)
    {
        lock (_gate)
        {
            if (generation <= _generation)
                return;
            (_generation, _lease, _to, _version, _hasLeft) = (generation, lease, to, -1, false);
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
            else if (_lease.Workers == 1 || !IsLeased(push))
                Send(push, shard.Offset);
            else
                Gather(push);
        }
    }

    private bool IsLeased(PushGradientSum push)
    {
        int count = shard.Plan.MicroBatchCount(push.Version);
        return _lease.FirstMicroBatch(count) <= push.Node.First && push.Node.End <= _lease.EndMicroBatch(count);
    }

    // A worker that is behind the others of this node was helped. Nobody lacks its sum: the others are at a version that every shard has published.
    private void Gather(PushGradientSum push)
    {
        int count = shard.Plan.MicroBatchCount(push.Version);
        if (push.Version > _version)
        {
            Drain();
            _sums.Begin(count);
            (_version, _hasLeft) = (push.Version, false);
        }
        if (push.Version < _version)
            push.Sum.Release();
        else if (_hasLeft)
            Send(push, shard.Offset);
        else if (_sums.Add(push.Node, push.Worker, push) != Offer.Added)
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
        _sums.Drain(SendIfWhole);
        _hasLeft = true;
    }

    private void SendIfWhole(PushGradientSum push)
    {
        if (_nodes.Contains(push.Node))
            Send(push, shard.Offset);
        else
            push.Sum.Release();
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
        if (push.Sum.Shared is { } vector && transport.SharesMemoryWith(_to))
        {
            Lend(label, vector, start);
            push.Sum.Release();
            return;
        }
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        transport.Send(_to, FrameKind.GradientSum, label.Write(metadata), push.Sum, start..(start + shard.Length));
    }

    // The shard's process gives the vector back when the sum is added.
    private void Lend(in FrameLabel label, SharedVector vector, int start)
    {
        SharedTensor tensor = new(vector.Reference, vector.Length, shard.Offset - start, 0);
        Span<byte> metadata = stackalloc byte[SharedTensor.Bytes + FrameLabel.MaxBytes];
        vector.Lend();
        if (!transport.Send(_to, FrameKind.SharedGradientSum, tensor.Write(label, metadata), []))
            vector.GiveBack();
    }

    private void Drain() => _sums.Drain(static push => push.Sum.Release());
}

/// <summary>From a parameter shard of this node to the workers of another one.</summary>
internal sealed class RemoteNodeLink(TensorTransport transport, TensorAddress to, long run, ShardAssignment shard, ParameterStore store) : IParameterLink
{
    // More than one only while the wire is slower than the steps.
    private readonly TensorPool _copies = new(shard.Length);

    /// <inheritdoc/>
    public void Publish(ParametersPublished published)
    {
        FrameLabel label = new(run, published.Generation, shard.Shard, published.Version, default, default, "");
        if (!transport.SharesMemoryWith(to))
            Send(label);
        else if (store.TryShare(published.Version, out SharedVector? vector, out long changes))
            Show(label, new SharedTensor(vector.Reference, vector.Length, 0, changes));
    }

    // The receiver copies its range and then looks whether the vector has changed meanwhile.
    private void Show(in FrameLabel label, SharedTensor tensor)
    {
        Span<byte> metadata = stackalloc byte[SharedTensor.Bytes + FrameLabel.MaxBytes];
        transport.Send(to, FrameKind.SharedParameters, tensor.Write(label, metadata), []);
    }

    // A copy: a node that is no longer waited for may still be receiving when the shard goes back to a checkpoint, or two versions on. What was sent
    // from the store itself would change under way, its checksum would fail, and the node would be taken for lost once more.
    private void Send(in FrameLabel label)
    {
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        TensorBuffer copy = _copies.Rent(holders: 1);
        store.Published(label.Version, shard.Offset, shard.Length).Span.CopyTo(copy.Span);
        transport.Send(to, FrameKind.Parameters, label.Write(metadata), copy, ..shard.Length);
    }
}
