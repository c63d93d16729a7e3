using Akka.Actor;
using DistNet.Neural;
using DistNet.Neural.Kernels;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Owns a contiguous range of the parameter vector with its optimizer slots: adds the workers' gradient sums along the tree, updates, publishes.</summary>
public sealed class ParameterShard : ReceiveActor
{
    private readonly ShardAssignment _assignment;
    private readonly IActorRef _coordinator;
    private readonly ParameterStore _store;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ParameterShardState<PushGradientSum> _state;
    private readonly TreeSum _treeSum = new();
    private readonly TensorPool _copies;

    // The optimizer's slots; null until the first restore.
    private OptimizerState? _optimizer;

    private IActorRef[] _workers = [];

    /// <summary>Use <see cref="Props"/>.</summary>
    public ParameterShard(ShardAssignment assignment, IActorRef coordinator, ParameterStore store, TimeProvider time)
    {
        (_assignment, _coordinator, _store, _time) = (assignment, coordinator, store, time);
        _started = time.GetTimestamp();
        _copies = new TensorPool(assignment.Length);
        _state = new ParameterShardState<PushGradientSum>(assignment.Plan);
        Receive<PushGradientSum>(Push);
        Receive<AdvanceShard>(Advance);
        Receive<OpenShardGeneration>(Open);
        Receive<RestoreShard>(Restore);
        Receive<HoldShard>(_ => Hold());
        Receive<AskMissing>(_ => Sender.Tell(new MissingMicroBatch(_state.Generation, _assignment.Shard, _state.Version, _state.Sums.FirstMissing())));
    }

    /// <summary>A shard of a run.</summary>
    public static Props Props(ShardAssignment assignment, IActorRef coordinator, ParameterStore store, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ParameterShard(assignment, coordinator, store, time));

    /// <inheritdoc/>
    protected override void PreStart() => _coordinator.Tell(new RegisterShard(_assignment.Shard));

    private void Push(PushGradientSum push)
    {
        if (_optimizer is null || _state.Offer(push.Generation, push.Version, push.Node, push.Worker, push) != Offer.Added)
        {
            push.Sum.Release();
            return;
        }
        StepOn();
    }

    private void Advance(AdvanceShard order)
    {
        if (!_state.Advance(order.Generation, order.Until, order.SnapshotAt))
            return;
        HandOverSnapshotIfDue();
        StepOn();
    }

    private void Open(OpenShardGeneration generation)
    {
        if (!_state.Open(generation.Generation) && generation.Generation != _state.Generation)
            return;
        _workers = [.. generation.Workers.Select(Context.Resolve)];
        Publish();
    }

    private void Restore(RestoreShard order)
    {
        if (order.Generation <= _state.Generation)
            return;
        Checkpoint checkpoint = order.Checkpoint;
        Drain();
        _optimizer = _assignment.NewOptimizer();
        foreach (string slot in _optimizer.SlotNames)
            if (checkpoint.Slots.TryGetValue(slot, out float[]? values))
                _assignment.RangeOf(values).CopyTo(_optimizer.Slot(slot));
        _assignment.RangeOf(checkpoint.Parameters).CopyTo(_store.Restore(checkpoint.Version, _assignment.Offset, _assignment.Length));
        _state.Restore(order.Generation, checkpoint.Version, checkpoint.EpochStatistics);
    }

    private void Hold()
    {
        _state.Hold();
        _coordinator.Tell(new ShardHeld(_state.Generation, _assignment.Shard, _state.Version));
    }

    private void StepOn()
    {
        if (!_state.CanStep || !TryUpdate())
            return;
        _state.Stepped(TreeSum.Statistics(_state.Sums.MicroBatchCount, _state.Sums.Contributions), Drain);
        Publish();
        ReportIfDue();
        HandOverSnapshotIfDue();
    }

    private bool TryUpdate()
    {
        int examples = _assignment.Plan.Batch(_state.Version).Count;
        ReadOnlySpan<float> current = _assignment.RangeOf(_store.Read(_state.Version));
        Span<float> next = _store.Write(_state.Version + 1, _assignment.Offset, _assignment.Length);
        for (int start = 0; start < _assignment.Length; start += TreeSum.BlockLength)
        {
            int length = Math.Min(TreeSum.BlockLength, _assignment.Length - start);
            ReadOnlySpan<float> sum = _treeSum.Block(_state.Sums.MicroBatchCount, _state.Sums.Contributions, _assignment.Offset + start, length);
            if (MatrixKernels.IndexOfNonFinite(sum) is var at and >= 0)
            {
                Refuse(_assignment.Offset + start + at);
                return false;
            }
            _optimizer!.Update(start, sum, examples, _state.Version, current.Slice(start, length), next.Slice(start, length));
        }
        return true;
    }

    private void Refuse(int index)
    {
        string worker = _state.Sums.Contributions.FirstOrDefault(c => !float.IsFinite(c.Sum.Sum.Span[index])).Worker ?? "the sum of all workers";
        _coordinator.Tell(new StepRefused(_state.Generation, _state.Version, _assignment.Layout.TensorAt(index).Name, worker));
        _state.Hold();
    }

    private void Publish()
    {
        ParametersPublished published = new(_state.Generation, _assignment.Shard, _state.Version);
        foreach (IActorRef worker in _workers)
            worker.Tell(published);
    }

    private void ReportIfDue()
    {
        if (_state.ShouldReport(_time.GetElapsedTime(_started)))
            _coordinator.Tell(new StepsReached(_state.Generation, _assignment.Shard, _state.Version, _state.EpochStatistics));
    }

    private void HandOverSnapshotIfDue()
    {
        if (!_state.IsSnapshotDue)
            return;
        _state.SnapshotTaken();
        _coordinator.Tell(new ShardSnapshot(
            _state.Generation,
            _assignment.Shard,
            _state.Version,
            _assignment.Offset,
            Copy(_assignment.RangeOf(_store.Read(_state.Version))),
            _optimizer!.SlotNames.ToDictionary(slot => slot, slot => Copy(_optimizer.Slot(slot))),
            _state.EpochStatistics));
    }

    private TensorBuffer Copy(ReadOnlySpan<float> values)
    {
        TensorBuffer copy = _copies.Rent(holders: 1);
        values.CopyTo(copy.Span);
        return copy;
    }

    private void Drain() => _state.Sums.Drain(push => push.Sum.Release());
}
