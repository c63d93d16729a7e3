using Akka.Actor;
using Akka.Cluster;
using Akka.Persistence;
using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The cluster's one leader: knows the nodes, takes orders for runs, and is the parent of the coordinator of the run under way.</summary>
/// <remarks>A cluster singleton among the nodes with the role coordinator, and persistent: its successor knows the orders, and goes on with the run that is
/// unfinished from its ledger and its newest checkpoint.</remarks>
internal sealed partial class RunManager : JournalActor, IWithTimers
{
    /// <summary>How often nodes say that they are there.</summary>
    public static readonly TimeSpan RegisterInterval = TimeSpan.FromSeconds(1);

    // A node that computes on every core may be late; one that is paused is lost after this.
    private static readonly TimeSpan SilenceDeadline = TimeSpan.FromSeconds(5);

    private readonly NodeOptions _options;
    private readonly TensorTransport _transport;
    private readonly NodeFrames _frames;
    private readonly Dictionary<string, Member> _members = [];
    private readonly RunBoard _board = new();

    public RunManager(NodeOptions options, TensorTransport transport, NodeFrames frames, string journalPlugin)
        : base(options.Runs!.Orders)
    {
        (_options, _transport, _frames) = (options, transport, frames);
        JournalPluginId = journalPlugin;
        Recover<OrderEvent>(_book.Apply);
        Recover<RecoveryCompleted>(_ => Recovered());
        ReceiveClients();
        ReceiveRuns();
        Command<RegisterNode>(Register);
        Command<LookAround>(_ => LoseSilentNodes());
        Command<ClusterEvent.UnreachableMember>(member => Lose(member.Member.Address));
        Command<ClusterEvent.MemberRemoved>(member => Lose(member.Member.Address));
        Command<ClusterEvent.IMemberEvent>(_ => { });
        Command<LinkLoss>(loss => _current?.Coordinator?.Tell(new ReportLinkLoss(loss.Address.ToString(), loss.Reason)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="options">The node's.</param>
    /// <param name="transport">The node's.</param>
    /// <param name="frames">The node's.</param>
    /// <param name="journalPlugin">The plugin, as <see cref="JournalConfiguration.Install"/> gives it, for <see cref="IRunHost.Orders"/>.</param>
    public static Props Props(NodeOptions options, TensorTransport transport, NodeFrames frames, string journalPlugin) =>
        Akka.Actor.Props.Create(() => new RunManager(options, transport, frames, journalPlugin));

    private static string OwnAddress => Addresses.HostAndPort(Cluster.Get(Context.System).SelfAddress);

    // A coordinator that is not made has no last word, and that of one that crashes says nothing of the reason.
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(failure =>
    {
        Exception cause = failure.GetBaseException();
        _current?.Completion?.TrySetException(new TrainingFailedException($"The coordinator crashed: {cause.Message}", cause));
        return Directive.Stop;
    });

    protected override void PreStart()
    {
        base.PreStart();
        Cluster.Get(Context.System).Subscribe(Self, typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.IMemberEvent));
        Context.System.EventStream.Subscribe(Self, typeof(LinkLoss));
        Timers.StartPeriodicTimer(LookAround.Instance, LookAround.Instance, RegisterInterval);
    }

    protected override void PostStop()
    {
        Cluster.Get(Context.System).Unsubscribe(Self);
        Context.System.EventStream.Unsubscribe(Self);
        _current?.Stop.Cancel();
        _frames.ServeCoordinator(null);
        base.PostStop();
    }

    // Its supervisor begins it anew after a pause, with what the journal then has.
    protected override void JournalFailed(JournalException failure)
    {
        _options.Log($"This coordinator cannot lead: {failure.Message}");
        Answer(new RunAnswered("", $"The order was not taken: {failure.Message}", ""));
    }

    private void Register(RegisterNode node)
    {
        _members[node.Address] = new Member(Sender, node, _options.Time.GetTimestamp());
        Sender.Tell(new NodeRegistered());
        if (_current?.Start is { } start && node.Run != start.Run)
            Sender.Tell(start);
        else if (_current is null && node.Run != 0)
            Sender.Tell(new EndRun(node.Run));
    }

    private ClusterStatus Status(int epochsKnown)
    {
        NodeFigures[] nodes = [.. _members.Values.Select(member => new NodeFigures(Addresses.NodeOf(member.Node.Address), member.Node.Roles, member.Node.Slots))];
        return _board.Status(epochsKnown, nodes, OwnAddress);
    }

    private void LoseSilentNodes()
    {
        foreach ((string address, Member member) in _members.Where(entry => _options.Time.GetElapsedTime(entry.Value.LastHeard) > SilenceDeadline).ToArray())
            Lose(address, member);
    }

    private void Lose(Address node)
    {
        foreach ((string address, Member member) in _members.Where(entry => entry.Value.Agent.Path.Address.Equals(node)).ToArray())
            Lose(address, member);
    }

    private void Lose(string address, Member member)
    {
        _members.Remove(address);
        _options.Log($"Node {member.Node.Address} is lost.");
        _current?.Coordinator?.Tell(new NodeGone(Addresses.TensorsOf(address)));
    }

    private sealed record Member(IActorRef Agent, RegisterNode Node, long LastHeard);

    private sealed class LookAround
    {
        public static LookAround Instance { get; } = new();
    }
}
