using System.Net.Sockets;
using Akka.Actor;
using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>A node's part in one run: gets the data, keeps the parameters, and is the parent of the node's workers and parameter server.</summary>
/// <remarks>When the coordinator takes it for lost it begins anew, with nothing: that is how it comes back, whatever it was cut off from.</remarks>
#pragma warning disable CA1001 // An actor disposes when it stops.
internal sealed class RunNode : ReceiveActor, IWithTimers
#pragma warning restore CA1001
{
    private static readonly TimeSpan ReadyInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan FetchPause = TimeSpan.FromSeconds(5);

    // Most that waits for one node in a step: parameters of two versions, and the sums of a share that is no single node of the tree.
    private const int VectorsInFlight = 4;

    // Parts in runs that this process has begun.
    private static long s_beginnings;

    private readonly long _beginning = Interlocked.Increment(ref s_beginnings);

    private readonly StartRun _run;
    private readonly NodeOptions _options;
    private readonly TensorTransport _transport;
    private readonly NodeFrames _frames;
    private readonly TrainingSpec _spec;
    private readonly RunPlan _plan;
    private readonly DataDescription _data;
    private readonly IActorRef _coordinator;
    private readonly ParameterStore _store;
    private readonly NodeLinks _links;
    private readonly IActorRef _parameterServer;
    private readonly int _threads;
    private readonly CancellationTokenSource _stopped = new();
    private IActorRef _fetch = ActorRefs.Nobody;
    private int _fetches;

    // Why a child crashed last.
    private string _crash = "";

    public RunNode(StartRun run, NodeOptions options, TensorTransport transport, NodeFrames frames)
    {
        (_run, _options, _transport, _frames) = (run, options, transport, frames);
        _spec = TrainingSpecJson.Read(run.Spec, run.RunId);
        _plan = RunPlan.Of(_spec, run.Examples);
        _data = new DataDescription(run.DataHash, run.Examples, _spec.Network.InputSize, _spec.Network.OutputSize);
        _coordinator = Context.System.Resolve(run.Coordinator);
        _threads = Dispatchers.ComputeThreads(options.Slots, options.Slots);
        _store = new ParameterStore(ParameterLayout.For(_spec.Network).Count, transport.SharesMemory);
        transport.MakeRoomFor(VectorsInFlight * sizeof(float) * (long)_store.ParameterCount);
        IReadOnlyList<ShardAssignment> shards = ShardAssignment.Cut(_spec, _plan, run.ParameterShards);
        _links = new NodeLinks(Context.System, transport, run.Run, shards, run.Coordinator, _store);
        _parameterServer = Kept(ParameterServer.Props(shards, _coordinator, _links, _store, options.Time, _threads), "parameter-server");
        Receive<Prepared>(prepared => Begin(prepared.Examples));
        Receive<FetchData>(_ => Fetch());
        Receive<DataFetched>(fetched =>
        {
            Context.Unwatch(_fetch);
            Begin(fetched.Images);
        });
        Receive<DataNotFetched>(NotFetched);
        Receive<Status.Failure>(failure => TakeNoPart(failure.Cause.Message));
        Receive<PlaceShards>(_parameterServer.Forward);
        Receive<ReportReady>(_ => Report());
        Receive<Rejoin>(BeginAnew);
        Receive<ReportLinkLoss>(loss => _coordinator.Tell(loss));
        Receive<Terminated>(ended => throw new PartEndedException(ended.ActorRef.Path.Name, _crash));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(StartRun run, NodeOptions options, TensorTransport transport, NodeFrames frames) =>
        Akka.Actor.Props.Create(() => new RunNode(run, options, transport, frames));

    protected override SupervisorStrategy SupervisorStrategy() => Supervision.RestartTenTimesAMinute(failure => _crash = failure.GetBaseException().Message);

    protected override void PreStart()
    {
        WarmUp.Step(_spec);
        PrepareAsync(_stopped.Token).PipeTo(Self);
    }

    protected override void PostStop()
    {
        _stopped.Cancel();
        _stopped.Dispose();
        _frames.LeaveMembers(_links);
    }

    private async Task<object> PrepareAsync(CancellationToken stop)
    {
        await AgreeWithCoordinatorAsync().ConfigureAwait(false);
        if (_options.WorkerSlots == 0)
            return new Prepared(null);
        IExampleSet? examples = await _options.Data.FindAsync(_data, stop).ConfigureAwait(false);
        return examples is null ? FetchData.Instance : new Prepared(examples);
    }

    // Messages need no secret, tensors do: a node with another one would be given work again and again that it cannot hand over.
    private async Task AgreeWithCoordinatorAsync()
    {
        TensorAddress coordinator = TensorAddress.Parse(Addresses.TensorsOf(_run.Coordinator));
        if (coordinator == _transport.Address)
            return;
        _transport.Forget(coordinator);
        try
        {
            await _transport.VerifyPeerAsync(coordinator).ConfigureAwait(false);
        }
        catch (Exception late) when (late is SocketException or HandshakeRefusedException { Kind: HandshakeRefusalKind.NoAnswer or HandshakeRefusalKind.Full })
        {
            // Nobody has refused this node; when tensors do not get through either, the links say so.
        }
    }

    // A child whose end nobody else may hear of: it may not have said to anybody yet that it was there.
    private static IActorRef Kept(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    private void Fetch() => _fetch = Kept(DataFetch.Props(_data, _run, _options, _transport, _frames), $"fetch-{++_fetches}");

    private void NotFetched(DataNotFetched failure)
    {
        Context.Unwatch(_fetch);
        TakeNoPart(failure.Reason);
        if (!failure.IsFinal)
            Timers.StartSingleTimer(FetchData.Instance, FetchData.Instance, FetchPause);
    }

    private void TakeNoPart(string reason)
    {
        _options.Log($"This node takes no part in run {_run.RunId}: {reason}");
        _coordinator.Tell(new NodeFailed(reason));
    }

    private void Begin(IExampleSet? examples)
    {
        _frames.ServeMembers(_links);
        Report(); // before its workers register: of a node that has begun anew, the coordinator then forgets the earlier ones
        if (examples is not null)
            _links.SetWorkers(Workers(new ExampleRange(examples, 0, _plan.TrainingExampleCount)));
        Timers.StartPeriodicTimer(ReportReady.Instance, ReportReady.Instance, ReadyInterval, ReadyInterval);
    }

    private IActorRef[] Workers(IExampleSet training)
    {
        Props worker = Worker.Props(_coordinator, _links, _store, () => new MiniBatchGradients(_spec, training, _plan), _plan.TotalSteps);
        return [.. Enumerable.Range(0, _options.WorkerSlots).Select(i => Kept(worker.WithDispatcher(Dispatchers.Compute(i, _threads)), $"worker-{i}"))];
    }

    private void BeginAnew(Rejoin order)
    {
        if (order.Beginning >= _beginning)
            throw new RejoinException();
    }

    private void Report() =>
        _coordinator.Tell(new NodeReady(_links.AddressFor(Self), _beginning, _options.Roles.Contains(NodeRole.ParameterServer)));

    // Without examples where there are no workers.
    private sealed record Prepared(IExampleSet? Examples) : INoSerializationVerificationNeeded;

    private sealed class FetchData : INoSerializationVerificationNeeded
    {
        public static FetchData Instance { get; } = new();
    }

    private sealed class ReportReady
    {
        public static ReportReady Instance { get; } = new();
    }
}

/// <summary>One of the actors of a node's part in a run has ended for good.</summary>
internal sealed class PartEndedException(string name, string crash) : Exception($"its {name} has ended for good: {crash}");

/// <summary>The coordinator took this node for lost; its supervisor starts it anew.</summary>
internal sealed class RejoinException() : Exception("The coordinator took this node for lost; it begins anew.");
