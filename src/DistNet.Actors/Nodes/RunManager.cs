using Akka.Actor;
using Akka.Cluster;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The cluster's one leader: knows the nodes, takes orders for runs, and is the parent of the coordinator of the run under way.</summary>
/// <remarks>A cluster singleton among the nodes with the role coordinator. Its successor goes on with the run from its newest checkpoint.</remarks>
internal sealed class RunManager : ReceiveActor, IWithTimers
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
    private CurrentRun? _current;
    private bool _isOpening;

    public RunManager(NodeOptions options, TensorTransport transport, NodeFrames frames)
    {
        (_options, _transport, _frames) = (options, transport, frames);
        Receive<RegisterNode>(Register);
        Receive<SubmitRun>(Submit);
        Receive<AskStatus>(ask => Sender.Tell(Status(ask.EpochsKnown)));
        Receive<AskData>(_ => Describe());
        Receive<CancelRun>(_ => Cancel());
        Receive<Opened>(opened => Begin(opened.Run, opened.Order, opened.Client));
        Receive<Refused>(Refuse);
        Receive<BeginCoordinator>(Coordinate);
        Receive<Ended>(End);
        Receive<LookAround>(_ => LoseSilentNodes());
        Receive<ClusterEvent.UnreachableMember>(member => Lose(member.Member.Address));
        Receive<ClusterEvent.MemberRemoved>(member => Lose(member.Member.Address));
        Receive<ClusterEvent.IMemberEvent>(_ => { });
        Receive<LinkLoss>(loss => _current?.Coordinator?.Tell(new ReportLinkLoss(loss.Address.ToString(), loss.Reason)));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(NodeOptions options, TensorTransport transport, NodeFrames frames) =>
        Akka.Actor.Props.Create(() => new RunManager(options, transport, frames));

    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Stop);

    protected override void PreStart()
    {
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

    private void Describe() => _options.Runs!.DescribeDataAsync(CancellationToken.None).PipeTo(
        Sender, Self, failure: reason => new ClusterData(reason.Message, "", "", 0, 0, 0, "", false));

    private void Submit(SubmitRun order)
    {
        if (_current is { } current)
        {
            Sender.Tell(new RunAnswered("", $"Run {current.Run.Id} is under way; wait for its end, or stop it.", ""));
            return;
        }
        if (_isOpening || _options.Runs is null)
        {
            Sender.Tell(new RunAnswered("", "Another run is about to begin.", ""));
            return;
        }
        _isOpening = true;
        IActorRef client = Sender;
        _options.Runs.OpenAsync(order, CancellationToken.None).PipeTo(
            Self, success: run => new Opened(run, order, client), failure: reason => new Refused(reason, client));
    }

    private void Refuse(Refused refused)
    {
        _isOpening = false;
        refused.Client.Tell(new RunAnswered("", refused.Reason.Message, ""));
    }

    private void Begin(IHostedRun run, SubmitRun order, IActorRef client)
    {
        _isOpening = false;
        CurrentRun current = new(run, order, new CancellationTokenSource());
        _current = current;
        _board.Begin(run.Id);
        client.Tell(new RunAnswered(run.Id, "", TrainingSpecJson.Write(run.Spec)));
        IActorRef self = Self;
        run.TrainAsync((job, observer, stop) => TrainAsync(self, job, observer, stop), _board, current.Stop.Token)
            .PipeTo(self, success: result => new Ended(result, null), failure: reason => new Ended(null, reason));
    }

    private static async Task<TrainingResult> TrainAsync(IActorRef self, TrainingJob job, ITrainingObserver observer, CancellationToken stop)
    {
        BeginCoordinator begin = new(job, observer, new TaskCompletionSource<TrainingResult>(TaskCreationOptions.RunContinuationsAsynchronously));
        self.Tell(begin);
        await using CancellationTokenRegistration registration = stop.Register(() => self.Tell(new CancelRun()));
        return await begin.Completion.Task.ConfigureAwait(false);
    }

    private void Coordinate(BeginCoordinator begin)
    {
        CurrentRun current = _current!;
        TrainingJob job = begin.Job;
        job.Validate();
        long incarnation = _options.Time.GetUtcNow().UtcTicks;
        RunPlan plan = new(job.Spec, ValidationSplit.Of(job.Examples.Count, job.Spec.ValidationFraction).TrainingCount);
        CoordinatedRun run = CoordinatedRun.Of(
            job, begin.Observer, plan, Settings(current.Order, job), _options.Time, begin.Completion,
            self => Links(self, incarnation, job, plan, current.Order.ParameterShards)) with
        { ParameterServers = Math.Max(1, current.Order.ParameterServers), Describe = _board.Describe };
        IActorRef coordinator = Context.ActorOf(Coordinator.Props(run), $"coordinator-{incarnation}");
        string address = Addresses.Join(coordinator.Address(Context.System), _transport.Address.ToString());
        current.Coordinator = coordinator;
        current.Start = new StartRun(
            incarnation, current.Run.Id, TrainingSpecJson.Write(job.Spec), job.Examples.ContentHash, job.Examples.Count, current.Order.ParameterShards, address);
        foreach (Member member in _members.Values)
            member.Agent.Tell(current.Start);
    }

    private NodeLinks Links(IActorRef coordinator, long incarnation, TrainingJob job, RunPlan plan, int shards)
    {
        string address = Addresses.Join(coordinator.Address(Context.System), _transport.Address.ToString());
        NodeLinks links = new(Context.System, _transport, incarnation, ShardAssignment.Cut(job.Spec, plan, shards), address, store: null);
        _frames.ServeCoordinator(links);
        return links;
    }

    private static RunSettings Settings(SubmitRun order, TrainingJob job) => new()
    {
        Workers = order.Workers,
        ParameterShards = order.ParameterShards,
        MembersReturn = true,
        JoinDeadline = TimeSpan.FromMinutes(2),
        StepDeadline = StepDeadlines.InCluster(job.Spec),
    };

    private void Cancel()
    {
        _current?.Coordinator?.Tell(Coordinator.StopRun.Instance);
        Sender.Tell(Status(int.MaxValue));
    }

    private void End(Ended ended)
    {
        if (ended.Reason is null)
            _board.End(ended.Result is null ? RunPhase.Interrupted : RunPhase.Completed, ended.Result ?? "");
        else
            _board.End(RunPhase.Failed, ended.Reason.Message);
        if (_current?.Start is { } start)
        {
            foreach (Member member in _members.Values)
                member.Agent.Tell(new EndRun(start.Run));
        }
        if (_current?.Coordinator is { } coordinator)
            Context.Stop(coordinator);
        _current?.Stop.Dispose();
        _current = null;
        _frames.ServeCoordinator(null);
    }

    private ClusterStatus Status(int epochsKnown) => _board.Status(
        epochsKnown, [.. _members.Values.Select(member => new NodeFigures(member.Node.Address, member.Node.Roles, member.Node.Slots))]);

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

    private sealed record CurrentRun(IHostedRun Run, SubmitRun Order, CancellationTokenSource Stop)
    {
        public IActorRef? Coordinator { get; set; }

        public StartRun? Start { get; set; }
    }

    private sealed record Opened(IHostedRun Run, SubmitRun Order, IActorRef Client) : INoSerializationVerificationNeeded;

    private sealed record Refused(Exception Reason, IActorRef Client) : INoSerializationVerificationNeeded;

    private sealed record BeginCoordinator(TrainingJob Job, ITrainingObserver Observer, TaskCompletionSource<TrainingResult> Completion)
        : INoSerializationVerificationNeeded;

    private sealed record Ended(string? Result, Exception? Reason) : INoSerializationVerificationNeeded;

    private sealed class LookAround
    {
        public static LookAround Instance { get; } = new();
    }
}
