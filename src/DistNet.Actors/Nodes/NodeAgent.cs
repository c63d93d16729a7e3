using Akka.Actor;
using Akka.Event;
using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>One on each node: says every second that it is there, and starts what the run manager wants here.</summary>
internal sealed class NodeAgent : ReceiveActor, IWithTimers
{
    private readonly NodeOptions _options;
    private readonly TensorTransport _transport;
    private readonly NodeFrames _frames;
    private readonly IActorRef _manager;
    private readonly NodeReadiness _readiness;
    private StartRun? _run;
    private IActorRef _part = ActorRefs.Nobody;

    // This node cannot take part in the run, and is not to try again.
    private bool _isUnfit;

    public NodeAgent(NodeOptions options, TensorTransport transport, NodeFrames frames, IActorRef manager, NodeReadiness readiness)
    {
        (_options, _transport, _frames, _manager, _readiness) = (options, transport, frames, manager, readiness);
        Receive<Report>(_ => Register());
        Receive<StartRun>(Start);
        Receive<EndRun>(end => End(end.Run));
        Receive<LinkLoss>(loss => _part.Tell(new ReportLinkLoss(loss.Address.ToString(), loss.Reason)));
        Receive<NodeRegistered>(_ => _readiness.Heard());
        Receive<AskTensors>(_ => Sender.Tell(new TensorsAnswered(_transport.Address.ToString())));
        Receive<AskData>(manager.Forward);
        Receive<SubmitRun>(manager.Forward);
        Receive<AskStatus>(manager.Forward);
        Receive<CancelRun>(manager.Forward);
        Receive<AskOrder>(manager.Forward);
        Receive<HandOverRun>(manager.Forward);
        Receive<Terminated>(_ => { if (!_isUnfit) _run = null; });
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeOptions options, TensorTransport transport, NodeFrames frames, IActorRef manager, NodeReadiness readiness) =>
        Akka.Actor.Props.Create(() => new NodeAgent(options, transport, frames, manager, readiness));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        if (failure is ActorInitializationException or PartEndedException)
        {
            TakeNoPart(failure.GetBaseException().Message);
            return Directive.Stop;
        }
        if (failure is not RejoinException)
            Context.GetLogger().Warning("The node's part in run {0} failed and begins anew: {1}", _run?.RunId, failure.Message);
        return Directive.Restart;
    });

    // Memory that is not there, or a run that this node does not understand: it would be so the next time as well.
    private void TakeNoPart(string reason)
    {
        _isUnfit = true;
        _options.Log($"This node takes no part in run {_run!.RunId}: {reason}");
        Context.System.Resolve(_run.Coordinator).Tell(new NodeFailed(reason));
    }

    protected override void PreStart() => Timers.StartPeriodicTimer(Report.Instance, Report.Instance, TimeSpan.Zero, RunManager.RegisterInterval);

    private void Register() => _manager.Tell(new RegisterNode(
        Addresses.Join(Self.Address(Context.System), _transport.Address.ToString()), [.. _options.Roles], _options.WorkerSlots, _run?.Run ?? 0));

    private void Start(StartRun run)
    {
        if (run.Run <= (_run?.Run ?? 0) || (_options.WorkerSlots == 0 && !_options.Roles.Contains(NodeRole.ParameterServer)))
            return;
        End(_run?.Run ?? 0);
        (_run, _isUnfit) = (run, false);
        _part = Context.Watch(Context.ActorOf(RunNode.Props(run, _options, _transport, _frames), $"run-{run.Run}"));
        Register();
    }

    private void End(long run)
    {
        if (_run is null || _run.Run > run)
            return;
        Context.Unwatch(_part);
        Context.Stop(_part);
        (_run, _part) = (null, ActorRefs.Nobody);
    }

    private sealed class Report
    {
        public static Report Instance { get; } = new();
    }
}
