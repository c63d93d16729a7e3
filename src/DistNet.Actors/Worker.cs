using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>
/// Computes the gradient sums of the micro-batches it has leased, step after step, as the parameter shards publish versions; when it is idle, those
/// that a slow one owes.
/// </summary>
/// <remarks>Computing blocks its thread on purpose: it runs on the compute dispatcher, which has a thread per core and nothing else to do.</remarks>
public sealed class Worker : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly IActorRef _coordinator;
    private readonly ITensorLinks _links;
    private readonly ParameterStore _store;
    private readonly MiniBatchGradients _gradients;
    private readonly TensorPool _sums;
    private readonly WorkerState _state;
    private readonly string _address;

    // The version last computed, or passed over.
    private long _computed;

    // Whether a HelpOn is on its way: one at a time, so that what is published meanwhile comes between two nodes.
    private bool _isHelping;

    // By index, as the lease named them.
    private IGradientLink[] _shards = [];

    /// <summary>Use <see cref="Props"/>.</summary>
    public Worker(IActorRef coordinator, ITensorLinks links, ParameterStore store, Func<MiniBatchGradients> gradients, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(gradients);
        (_coordinator, _links, _store, _gradients) = (coordinator, links, store, gradients());
        _sums = links.NewPool(store.ParameterCount);
        _state = new WorkerState(totalSteps);
        _address = links.AddressFor(Self);
        Receive<LeaseMicroBatches>(Lease);
        Receive<ParametersPublished>(Publish);
        Receive<LeaseRevoked>(_ =>
        {
            if (_state.Revoke())
                Register();
        });
        Receive<LookForLease>(_ => RegisterIfForgotten());
        Receive<HelpWithMissing>(Help);
        Receive<HelpOn>(_ => HelpOnce());
        Receive<GatherAhead>(_ => PrepareNextStep());
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    /// <summary>A worker of a run.</summary>
    /// <remarks>
    /// Props keep the arguments, not the expression: the factory is called by each worker at each start, so that none shares buffers with another or
    /// with its own past.
    /// </remarks>
    public static Props Props(IActorRef coordinator, ITensorLinks links, ParameterStore store, Func<MiniBatchGradients> gradients, long totalSteps) =>
        Akka.Actor.Props.Create(() => new Worker(coordinator, links, store, gradients, totalSteps));

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Timers.StartPeriodicTimer(nameof(LookForLease), LookForLease.Instance, LookInterval);
        Register();
    }

    private void Register() => _coordinator.Tell(new RegisterWorker(_address));

    private void Lease(LeaseMicroBatches lease)
    {
        if (!_state.Open(lease.Generation, lease.Lease, lease.Shards.Count))
            return;
        _shards = [.. lease.Shards.Select((_, shard) => _links.ToShard(shard, lease))];
        Compute();
    }

    private void Publish(ParametersPublished published)
    {
        if (_state.Published(published.Generation, published.Shard, published.Version))
            Compute();
    }

    // A worker that is behind passes over what it need not compute, or it would never catch up: news of the next version wait in its mailbox.
    private void Compute()
    {
        if (!_state.TryTakeStep(out long version))
            return;
        _computed = version;
        if (!IsAwaited(_state.Generation, version))
            return;
        ReadOnlySpan<float> parameters = _store.Read(version);
        foreach (TreeNode node in _gradients.Forward(version, _state.Lease!.Value, parameters))
        {
            Push(Sum(version, node, parameters));
        }
        Self.Tell(GatherAhead.Instance);
    }

    private PushGradientSum Sum(long version, TreeNode node, ReadOnlySpan<float> parameters)
    {
        TensorBuffer sum = _sums.Rent(holders: _shards.Length);
        LossStatistics statistics = _gradients.Sum(version, node, parameters, sum.Span);
        return new PushGradientSum(_state.Generation, version, node, _address, statistics, sum);
    }

    private void Help(HelpWithMissing help)
    {
        if (!_state.AskedForHelp(help.Generation, help.Version, help.Nodes) || _isHelping)
            return;
        _isHelping = true;
        Self.Tell(HelpOn.Instance);
    }

    // One node, then whatever has come meanwhile: the step may be over. The next share is gathered once more where a node has taken its place.
    private void HelpOnce()
    {
        _isHelping = _state.TryTakeHelp(out long version, out TreeNode node);
        if (!_isHelping)
        {
            PrepareNextStep();
            return;
        }
        if (IsAwaited(_state.Generation, version))
            Compute(version, node);
        Self.Tell(HelpOn.Instance);
    }

    private void Compute(long version, TreeNode node)
    {
        ReadOnlySpan<float> parameters = _store.Read(version);
        _gradients.Forward(version, node, parameters);
        Push(Sum(version, node, parameters));
    }

    // Comes after what is already waiting on this thread: the shards' updates go first.
    private void PrepareNextStep()
    {
        if (_state.Lease is { } lease)
            _gradients.GatherAhead(_computed + 1, lease);
    }

    // A version that was overwritten is complete everywhere: nobody waits for a sum of it.
    private bool IsAwaited(Generation generation, long version) => _store.IsIntact(generation, version);

    // It may have been overwritten while it was read.
    private void Push(PushGradientSum push)
    {
        if (!IsAwaited(push.Generation, push.Version))
        {
            for (int i = 0; i < _shards.Length; i++)
                push.Sum.Release();
            return;
        }
        foreach (IGradientLink shard in _shards)
            shard.Push(push);
    }

    // Between nodes a registration, or the lease that answers it, can be lost.
    private void RegisterIfForgotten()
    {
        if (_state.Lease is null)
            Register();
    }

    /// <summary>Worker -> itself: is there a lease?</summary>
    private sealed class LookForLease
    {
        public static LookForLease Instance { get; } = new();
    }

    /// <summary>Worker -> itself: compute the next node that a step lacks, if it still does.</summary>
    private sealed class HelpOn
    {
        public static HelpOn Instance { get; } = new();
    }

    /// <summary>Worker -> itself: gather the next share of examples while the shards finish the step.</summary>
    private sealed class GatherAhead
    {
        public static GatherAhead Instance { get; } = new();
    }
}
