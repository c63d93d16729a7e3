using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>The leader and its orders, where runs cannot be opened, begun or ended as they should be. Its time is the test's.</summary>
public sealed class RunManagerSpecs : TestKit
{
    private const string Journal = "akka.persistence.journal.inmem";

    private const string Settings = """
        akka {
          loglevel = ERROR
          stdout-loglevel = OFF
          loggers = []
          log-dead-letters = off
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = 127.0.0.1, port = 0 }
          scheduler.implementation = "Akka.TestKit.TestScheduler, Akka.TestKit"
          test { single-expect-default = 60s, default-timeout = 60s }
        }
        """;

    private static readonly SubmitRun Order = new("order", "", "run", 1, 1, 1, 0);

    private readonly NodeFrames _frames = new();
    private readonly TensorTransport _transport;
    private readonly Host _host = new();

    public RunManagerSpecs()
        : base(ConfigurationFactory.ParseString(Settings).WithFallback(SerializationConfiguration.Default)) =>
        _transport = TensorTransport.Listen(Transport.TransportNodes.Options("leader"), _frames);

    [Fact]
    public async Task A_run_whose_leader_ends_before_it_has_a_coordinator_ends_as_well()
    {
        IActorRef leader = await LeaderWithRun();
        Session session = await _host.Next();
        await End(leader);
        Task<ClusterTrainingResult> training = session.Train(Runs.Job());

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => training.WaitAsync(Runs.Patience));
    }

    [Fact]
    public async Task A_run_that_another_process_holds_is_tried_again_until_that_lets_go_of_it()
    {
        await End(await LeaderWithRun());
        await _host.Next();
        IActorRef next = Lead();
        (await _host.Next()).Fail(new RunClaimedException("it is another's"));
        ClusterStatus status = await Eventually(next, status => status.Text.Contains("it is another's", StringComparison.Ordinal));
        Assert.Equal(RunPhase.UnderWay, status.Phase);

        Advance();
        (await _host.Next()).Complete("{}");
        Assert.Equal("{}", (await Eventually(next, status => status.Phase == RunPhase.Completed)).Text);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_now_is_tried_again()
    {
        await End(await LeaderWithRun());
        await _host.Next();
        _host.Obstacle = () => new IOException("the disk is away");
        IActorRef next = Lead();
        ClusterStatus status = await Eventually(next, status => status.Text.Contains("the disk is away", StringComparison.Ordinal));
        Assert.Equal(RunPhase.UnderWay, status.Phase);

        _host.Obstacle = null;
        Advance();
        (await _host.Next()).Complete("{}");
        await Eventually(next, status => status.Phase == RunPhase.Completed);
    }

    [Fact]
    public async Task A_run_that_cannot_be_read_now_can_be_stopped()
    {
        await End(await LeaderWithRun());
        await _host.Next();
        _host.Obstacle = () => new IOException("the disk is away");
        IActorRef next = Lead();
        await Eventually(next, status => status.Text.Contains("the disk is away", StringComparison.Ordinal));
        await next.Ask<ClusterStatus>(new CancelRun(), Runs.Patience);
        Advance();
        await Eventually(next, status => status.Phase == RunPhase.Interrupted);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_run_that_is_damaged_has_failed_and_its_leader_takes_another(bool isResult)
    {
        await End(await LeaderWithRun());
        await _host.Next();
        InvalidDataException damage = new("it is damaged");
        (_host.Obstacle, _host.ResultDamage) = (isResult ? null : () => damage, isResult ? damage : null);
        IActorRef next = Lead();
        Assert.Equal("it is damaged", (await Eventually(next, status => status.Phase == RunPhase.Failed)).Text);

        RunAnswered other = await next.Ask<RunAnswered>(Order with { Id = "other" }, Runs.Patience);
        Assert.Equal("", other.Refusal);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(4, 0)]
    public async Task A_run_that_is_impossible_has_failed_and_its_leader_goes_on(int epochs, int shards)
    {
        IActorRef leader = await LeaderWithRun(Order with { ParameterShards = shards });
        Session session = await _host.Next();
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(
            () => session.Train(Runs.Job() with { Spec = Runs.Spec with { Epochs = epochs } }).WaitAsync(Runs.Patience));
        Assert.IsNotType<TimeoutException>(failure);
        session.Fail(failure);

        Assert.Equal(failure.Message, (await Eventually(leader, status => status.Phase == RunPhase.Failed)).Text);
    }

    [Fact]
    public async Task Only_the_node_that_is_leaving_hands_its_run_over()
    {
        IActorRef leader = await LeaderWithRun();
        Session session = await _host.Next();
        ClusterStatus status = await leader.Ask<ClusterStatus>(new HandOverRun("elsewhere:4053"), Runs.Patience);
        Assert.False(session.Stop.IsCancellationRequested);
        await leader.Ask<ClusterStatus>(new HandOverRun(status.Leader), Runs.Patience);
        Assert.True(session.Stop.IsCancellationRequested);
    }

    [Fact]
    public async Task A_leader_that_fails_begins_anew_after_a_pause_and_not_at_once()
    {
        TestProbe begun = CreateTestProbe();
        IActorRef leader = Sys.ActorOf(ClusterNode.Leader(Props.Create(() => new Fragile(begun))));
        IActorRef first = await begun.ExpectMsgAsync<IActorRef>();
        await WatchAsync(first);
        leader.Tell("fail");
        await ExpectTerminatedAsync(first);

        // The supervisor hears of the end when it does; only then it waits.
        await AwaitConditionAsync(() =>
        {
            Advance();
            return Task.FromResult(begun.HasMessages);
        }, Runs.Patience);
        Assert.NotEqual(first, await begun.ExpectMsgAsync<IActorRef>());
    }

    protected override void AfterAll()
    {
        base.AfterAll();
        _transport.DisposeAsync().AsTask().Wait(Runs.Patience);
    }

    private IActorRef Lead()
    {
        NodeOptions options = new()
        {
            Roles = [NodeRole.Coordinator],
            Secret = TestCluster.Secret,
            Config = Config.Empty,
            Data = new NodeShelf(null),
            Runs = _host,
        };
        return Sys.ActorOf(RunManager.Props(options, _transport, _frames, Journal));
    }

    private async Task<IActorRef> LeaderWithRun(SubmitRun? order = null)
    {
        IActorRef leader = Lead();
        Assert.Equal(("run", ""), await leader.Ask<RunAnswered>(order ?? Order, Runs.Patience) is var answer ? (answer.RunId, answer.Refusal) : default);
        return leader;
    }

    private async Task End(IActorRef leader)
    {
        await WatchAsync(leader);
        leader.Tell(PoisonPill.Instance);
        await ExpectTerminatedAsync(leader);
    }

    // Longer than any pause of the leader's or its supervisor's.
    private void Advance() => ((TestScheduler)Sys.Scheduler).Advance(TimeSpan.FromSeconds(15));

    private static async Task<ClusterStatus> Eventually(IActorRef leader, Func<ClusterStatus, bool> condition)
    {
        using CancellationTokenSource patience = new(Runs.Patience);
        while (true)
        {
            ClusterStatus status = await leader.Ask<ClusterStatus>(new AskStatus(0), Runs.Patience, patience.Token);
            if (condition(status))
                return status;
            await Task.Yield();
        }
    }

    private sealed class Fragile : ReceiveActor
    {
        public Fragile(TestProbe begun)
        {
            begun.Tell(Self);
            Receive<string>(_ => throw new InvalidOperationException("a fault"));
        }
    }

    /// <summary>Opens one run, whose every session the test plays.</summary>
    private sealed class Host : IRunHost
    {
        private readonly System.Threading.Channels.Channel<Session> _sessions = System.Threading.Channels.Channel.CreateUnbounded<Session>();

        public volatile Func<Exception>? Obstacle;

        public InvalidDataException? ResultDamage { get; set; }

        public bool IsTraining => true;

        public JournalSettings Orders { get; } = JournalSettings.OrdersFile("orders");

        public async Task<Session> Next() => await _sessions.Reader.ReadAsync().AsTask().WaitAsync(Runs.Patience);

        public Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken) =>
            Task.FromResult<IHostedRun>(new Session(_sessions.Writer, null));

        public Task<IHostedRun> ReopenAsync(OrderAccepted order, CancellationToken cancellationToken) =>
            Obstacle is { } obstacle ? Task.FromException<IHostedRun>(obstacle()) : Task.FromResult<IHostedRun>(new Session(_sessions.Writer, ResultDamage));

        public Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken) => throw new NotSupportedException("Nobody asks for the data.");
    }

    /// <summary>A run from its opening on, whose end the test decides.</summary>
    private sealed class Session(System.Threading.Channels.ChannelWriter<Session> begun, InvalidDataException? damage) : IHostedRun
    {
        private readonly TaskCompletionSource<string?> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private ClusterTraining? _train;

        public string Id => "run";

        public JournalSettings Journal { get; } = JournalSettings.File("ledger");

        public TrainingSpec Spec => Runs.Spec;

        public CancellationToken Stop { get; private set; }

        public string? ReadResult() => damage is null ? null : throw damage;

        public Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken)
        {
            (_train, Stop) = (train, cancellationToken);
            begun.TryWrite(this);
            return _result.Task;
        }

        public Task<ClusterTrainingResult> Train(TrainingJob job) => _train!(job, new Recorder(), Stop);

        public void Complete(string result) => _result.TrySetResult(result);

        public void Fail(Exception reason) => _result.TrySetException(reason);
    }
}
