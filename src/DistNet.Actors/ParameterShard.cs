using Akka.Actor;
using DistNet.Neural;
using DistNet.Neural.Kernels;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Owns a contiguous range of the parameter vector with its optimizer slots: adds the workers'
/// gradient sums along the tree, updates, publishes.</summary>
public sealed class ParameterShard : ReceiveActor, IWithTimers
{
    // Between nodes a registration can be lost: it is repeated until a state comes, each time after twice as long, since a large state may be on its way.
    private static readonly TimeSpan FirstRegisterInterval = TimeSpan.FromSeconds(5);

    private readonly ShardAssignment _assignment;
    private readonly IActorRef _coordinator;
    private readonly ITensorLinks _links;
    private readonly ParameterStore _store;
    private readonly TimeProvider _time;
    private readonly long _started;
    private readonly ParameterShardState<PushGradientSum> _state;
    private readonly EarlyOrders _early = new();
    private readonly TreeSum _treeSum = new();
    private readonly TensorPool _copies;

    private TimeSpan _registerInterval = FirstRegisterInterval;

    // The optimizer's slots; null until the first restore.
    private OptimizerState? _optimizer;

    private IReadOnlyList<IParameterLink> _workers = [];
    private IReadOnlyList<string> _workerAddresses = [];

    /// <summary>Use <see cref="Props"/>.</summary>
    public ParameterShard(ShardAssignment assignment, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time)
    {
        (_assignment, _coordinator, _links, _store, _time) = (assignment, coordinator, links, store, time);
        _started = time.GetTimestamp();
        _copies = new TensorPool(assignment.Length * (1 + assignment.SlotCount));
        _state = new ParameterShardState<PushGradientSum>(assignment.Plan, assignment.StepDeadline);
        Receive<PushGradientSum>(Push);
        Receive<AdvanceShard>(Advance);
        Receive<OpenShardGeneration>(Open);
        Receive<RestoreShard>(Restore);
        Receive<HoldShard>(Hold);
        Receive<StepsSafe>(Forget);
        Receive<RepeatSteps>(Repeat);
        Receive<RegisterAgain>(_ => RegisterUntilRestored());
        Receive<Look>(_ => LookForStragglers());
        Receive<AskMissing>(_ => Sender.Tell(new MissingMicroBatch(_state.Generation, _assignment.Shard, _state.Version, _state.Sums.FirstMissing())));
    }

    /// <summary>A shard of a run.</summary>
    public static Props Props(ShardAssignment assignment, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time) =>
        Akka.Actor.Props.Create(() => new ParameterShard(assignment, coordinator, links, store, time));

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(Look), Look.Instance, StragglerWatch.LookInterval);
        RegisterUntilRestored();
    }

    private void RegisterUntilRestored()
    {
        Timers.StartSingleTimer(nameof(RegisterAgain), RegisterAgain.Instance, _registerInterval);
        _registerInterval *= 2;
        _coordinator.Tell(new RegisterShard(_assignment.Shard, _links.AddressFor(Self)));
    }

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
        if (_early.Keep(order.RestoredAt, _state.RestoredAt, () => Advance(order)) || !_state.Advance(order.Generation, order.RestoredAt, order.Until, order.SnapshotAt))
            return;
        HandOverSnapshotIfDue();
        StepOn();
    }

    private void Open(OpenShardGeneration generation)
    {
        if (_early.Keep(generation.RestoredAt, _state.RestoredAt, () => Open(generation)) || !_state.Open(generation.Generation, generation.RestoredAt))
            return;
        _state.Log.IsKept = generation.IsLedgered;
        _workers = _links.ToWorkers(_assignment, generation.Workers);
        _workerAddresses = generation.Workers;
        if (_state.HasPrevious)
            Publish(_state.Version - 1);
        Publish(_state.Version);
    }

    private void Restore(RestoreShard order)
    {
        if (order.Generation <= _state.Generation)
            return;
        ShardState state = order.State;
        Timers.Cancel(nameof(RegisterAgain));
        Drain();
        _optimizer = _assignment.NewOptimizer();
        foreach (string slot in _optimizer.SlotNames)
            if (state.Slots.TryGetValue(slot, out ReadOnlyMemory<float> values))
                values.Span.CopyTo(_optimizer.Slot(slot));
        state.Parameters.Span.CopyTo(_store.Restore(order.Generation, state.Version, _assignment.Offset, _assignment.Length));
        _state.Restore(order.Generation, state.Version, state.EpochStatistics);
        _early.Restored(order.Generation);
    }

    private void Hold(HoldShard order)
    {
        if (_early.Keep(order.RestoredAt, _state.RestoredAt, () => Hold(order)))
            return;
        _state.Hold();
        _coordinator.Tell(new ShardHeld(_state.Generation, _assignment.Shard, _state.Version));
    }

    private void StepOn()
    {
        if (!_state.CanStep || !TryUpdate())
            return;
        _state.Stepped(TreeSum.Statistics(_state.Sums.MicroBatchCount, _state.Sums.Contributions), Drain);
        Publish(_state.Version);
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
            // Earlier blocks are updated by then, slots and all: a refused step ends the run, so nobody sees them.
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
        string? worker = _state.Sums.Contributions.FirstOrDefault(c => !float.IsFinite(c.Sum.Range(index, 1)[0])).Worker;
        string from = worker is null ? "the sum of all workers" : Addresses.NameOf(worker);
        _coordinator.Tell(new StepRefused(_state.Generation, _state.Version, _assignment.Layout.TensorAt(index).Name, from));
        _state.Hold();
    }

    private void Publish(long version)
    {
        ParametersPublished published = new(_state.Generation, _assignment.Shard, version);
        for (int i = 0; i < _workers.Count; i++)
            _workers[i].Publish(published);
    }

    private void LookForStragglers()
    {
        IReadOnlyList<TreeNode> missing = _state.LookForStragglers(_workerAddresses.Count, _time.GetElapsedTime(_started));
        if (missing.Count == 0)
            return;
        HelpWithMissing help = new(_state.Generation, _state.Version, missing.ToArray());
        foreach (string worker in _workerAddresses)
            Context.System.Resolve(worker).Tell(help);
    }

    private void ReportIfDue()
    {
        if (_state.ShouldReport(_time.GetElapsedTime(_started)))
        {
            ReportSteps();
            _coordinator.Tell(new StepsReached(_state.Generation, _assignment.Shard, _state.Version, _state.EpochStatistics));
        }
    }

    private void ReportSteps()
    {
        while (_state.Log.HasMore)
            _coordinator.Tell(DistNet.Actors.ReportSteps.Of(_state.RestoredAt, _assignment.Shard, _state.Log));
    }

    private void Forget(StepsSafe safe)
    {
        if (safe.RestoredAt == _state.RestoredAt)
            _state.Log.Forget(safe.Version);
    }

    private void Repeat(RepeatSteps order)
    {
        if (order.RestoredAt != _state.RestoredAt)
            return;
        _state.Log.TakeAgain();
        ReportSteps();
    }

    private void HandOverSnapshotIfDue()
    {
        if (!_state.IsSnapshotDue)
            return;
        _state.SnapshotTaken();
        _links.HandOver(Snapshot());
    }

    // One buffer: the parameters, then slot after slot.
    private ShardSnapshot Snapshot()
    {
        TensorBuffer copy = _copies.Rent(holders: 1);
        int length = _assignment.Length;
        _assignment.RangeOf(_store.Read(_state.Version)).CopyTo(copy.Span);
        Dictionary<string, ReadOnlyMemory<float>> slots = [];
        foreach (string slot in _optimizer!.SlotNames)
        {
            Memory<float> target = copy.Memory.Slice((slots.Count + 1) * length, length);
            _optimizer.Slot(slot).CopyTo(target.Span);
            slots.Add(slot, target);
        }
        ShardState state = new(_state.Version, _state.EpochStatistics, copy.Memory[..length], slots);
        return new ShardSnapshot(_state.Generation, _assignment.Shard, _assignment.Offset, state, copy);
    }

    private void Drain() => _state.Sums.Drain(push => push.Sum.Release());

    /// <summary>Shard -> itself: does the step wait for a slow worker?</summary>
    private sealed class Look
    {
        public static Look Instance { get; } = new();
    }

    /// <summary>Shard -> itself: no state has come yet.</summary>
    private sealed class RegisterAgain
    {
        public static RegisterAgain Instance { get; } = new();
    }
}
