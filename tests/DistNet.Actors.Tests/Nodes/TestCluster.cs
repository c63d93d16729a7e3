using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A cluster of several nodes in this process: a coordinator's, and others that join it.</summary>
internal sealed class TestCluster : IAsyncDisposable
{
    /// <summary>What the nodes of the cluster share.</summary>
    public static readonly byte[] Secret = [.. Enumerable.Range(0, 32).Select(i => (byte)i)];

    // Gossip of a few nodes in one process may be quick, and nothing waits for a singleton that nobody hands over.
    private static readonly Config Quick = ConfigurationFactory.ParseString("""
        akka {
          loglevel = WARNING
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          log-dead-letters-during-shutdown = off
          remote.dot-netty.tcp.tcp-reuse-addr = off
          cluster {
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            periodic-tasks-initial-delay = 300ms
            failure-detector.heartbeat-interval = 500ms
            downing-provider-class = "DistNet.Actors.PartitionDowning, DistNet.Actors"
            singleton-proxy { singleton-identification-interval = 200ms, log-singleton-identification-failure = off }
          }
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
        }
        distnet.downing { stable-after = 1s, at-latest-after = 10s, removal-margin = 200ms }
        """);

    private readonly List<ClusterNode> _nodes = [];
    private readonly List<OneRun> _hosts = [];
    private readonly SharedRun _run;

    // Guarded by itself: nodes speak on any thread.
    private readonly List<string> _log = [];

    public TestCluster(TrainingJob job, Recorder? recorder = null)
    {
        _run = new SharedRun(job, recorder ?? new Recorder());
        Coordinator = StartCoordinator(_ => []);
    }

    public ClusterNode Coordinator { get; }

    /// <summary>What the coordinator's node said.</summary>
    public IReadOnlyList<string> Log
    {
        get
        {
            lock (_log)
                return [.. _log];
        }
    }

    /// <summary>Where the cluster's orders are.</summary>
    public JournalSettings Orders => _run.Orders;

    /// <summary>The run's ledger.</summary>
    public JournalSettings Ledger => _run.Ledger;

    /// <summary>A coordinator that stands by.</summary>
    /// <param name="orders">Where it looks for the cluster's orders, if that is another place than where they are.</param>
    public ClusterNode AddStandby(JournalSettings? orders = null) => StartCoordinator(leader => [leader.Address], orders);

    /// <summary>Completed when a coordinator's node has said something.</summary>
    /// <returns>The line.</returns>
    public async Task<string> Says(string words)
    {
        string? line = null;
        await Until(() => (line = Log.FirstOrDefault(said => said.Contains(words, StringComparison.Ordinal))) is not null);
        return line!;
    }

    /// <summary>Completed when each node knows all others.</summary>
    /// <remarks>A leader that crashes before another node has joined leaves it no cluster to join.</remarks>
    public Task AllAreUp() => Until(() => _nodes.All(node => MembersUp(node) == _nodes.Count));

    /// <summary>The leader crashes; what its run comes to is not the run's result.</summary>
    public async Task CrashLeader()
    {
        _hosts[0].IsDead = true;
        await Coordinator.AbandonAsync();
    }

    /// <summary>A node with workers and parameter shards.</summary>
    public ClusterNode Add(Func<NodeOptions, NodeOptions>? change = null, Action<string>? log = null) =>
        Start([NodeRole.Worker, NodeRole.ParameterServer], log ?? (_ => { }), options => (change ?? (same => same))(options with { Join = [Coordinator.Address] }));

    /// <summary>Has the cluster train the job.</summary>
    public async Task<TrainingResult> Train(int workers, int parameterServers, int shards)
    {
        SubmitRun order = new("order", "", "run", workers, parameterServers, shards, 0);
        using CancellationTokenSource patience = new(Runs.Patience);
        while (true)
        {
            RunAnswered? answer = await Ask(order, patience.Token);
            if (answer is not null)
                Assert.Equal(("run", ""), (answer.RunId, answer.Refusal));
            if (answer is not null)
                return await _run.Result.WaitAsync(Runs.Patience);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes)
            await node.AbandonAsync();
    }

    private async Task<RunAnswered?> Ask(SubmitRun order, CancellationToken patience)
    {
        try
        {
            return await Coordinator.System.ActorSelection($"/user/{ClusterNode.AgentName}").Ask<RunAnswered>(order, TimeSpan.FromSeconds(1), patience);
        }
        catch (AskTimeoutException)
        {
            return null; // the coordinator is not up yet
        }
    }

    private ClusterNode StartCoordinator(Func<ClusterNode, string[]> join, JournalSettings? orders = null)
    {
        OneRun host = new(_run, orders);
        _hosts.Add(host);
        return Start([NodeRole.Coordinator], _ => { }, options => options with { Runs = host, Join = _hosts.Count == 1 ? [] : join(Coordinator) });
    }

    /// <summary>A coordinator by itself, which is ordered no run.</summary>
    public static ClusterNode StartIdleCoordinator(Func<NodeOptions, NodeOptions> change)
    {
        SharedRun run = new(Runs.Job(), new Recorder());
        return ClusterNode.Start(change(Options([NodeRole.Coordinator], run, _ => { }) with { Runs = new OneRun(run) }));
    }

    /// <summary>Members that are up, as a node sees it.</summary>
    public static int MembersUp(ClusterNode node) => Cluster.Get(node.System).State.Members.Count(member => member.Status == MemberStatus.Up);

    /// <summary>Completed when a condition holds that nobody tells of.</summary>
    public static async Task Until(Func<bool> condition)
    {
        using CancellationTokenSource patience = new(Runs.Patience);
        while (!condition())
            await Task.Delay(TimeSpan.FromMilliseconds(20), patience.Token);
    }

    /// <summary>A node's answer to a question after the cluster's status, once it meets a condition.</summary>
    public static async Task<ClusterStatus> Eventually(ClusterNode node, Func<ClusterStatus, bool> condition)
    {
        using CancellationTokenSource patience = new(Runs.Patience);
        while (true)
        {
            patience.Token.ThrowIfCancellationRequested();
            if (await node.AskAsync<ClusterStatus>(new AskStatus(0), patience.Token) is { } status && condition(status))
                return status;
        }
    }

    private ClusterNode Start(string[] roles, Action<string> log, Func<NodeOptions, NodeOptions> change)
    {
        ClusterNode node = ClusterNode.Start(change(Options(roles, _run, line =>
        {
            log(line);
            if (roles.Contains(NodeRole.Coordinator))
                lock (_log)
                    _log.Add(line);
        })));
        _nodes.Add(node);
        return node;
    }

    private static NodeOptions Options(string[] roles, SharedRun run, Action<string> log) => new()
    {
        Roles = roles,
        Secret = Secret,
        Config = Quick,
        Data = new NodeShelf(run.Job.Examples),
        Log = log,
    };

    /// <summary>The only run of the cluster, as all coordinators know it.</summary>
    private sealed class SharedRun(TrainingJob job, Recorder recorder)
    {
        private readonly string _folder = Directory.CreateTempSubdirectory("distnet-").FullName;
        private readonly TaskCompletionSource<TrainingResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TrainingJob Job => job;

        public Recorder Recorder => recorder;

        public JournalSettings Ledger => Prepared(JournalSettings.File(Path.Combine(_folder, "journal.db")));

        public JournalSettings Orders => Prepared(JournalSettings.OrdersFile(Path.Combine(_folder, "cluster.db")));

        public Task<TrainingResult> Result => _result.Task;

        public void End(TrainingResult result) => _result.TrySetResult(result);

        public void End(Exception failure) => _result.TrySetException(failure);

        private static JournalSettings Prepared(JournalSettings journal)
        {
            JournalFile.Prepare(journal);
            return journal;
        }
    }

    /// <summary>The run on one coordinator's node.</summary>
    private sealed class OneRun(SharedRun run, JournalSettings? orders = null) : IRunHost, IHostedRun
    {
        public bool IsDead { get; set; }

        public string Id => "run";

        public JournalSettings Journal => run.Ledger;

        public JournalSettings Orders => orders ?? run.Orders;

        public TrainingSpec Spec => run.Job.Spec;

        public bool IsTraining => !run.Result.IsCompleted;

        public Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nobody asks a cluster under test for its data.");

        public Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken) => Task.FromResult<IHostedRun>(this);

        public Task<IHostedRun> ReopenAsync(OrderAccepted order, CancellationToken cancellationToken) => Task.FromResult<IHostedRun>(this);

        public string? ReadResult() => null;

        public async Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken)
        {
            try
            {
                ClusterTrainingResult result = await train(run.Job with { ResumeFrom = run.Job.Checkpoints?.LoadLatest() }, run.Recorder, cancellationToken);
                run.End(result.Training);
                return result.Training.End == TrainingEnd.Interrupted ? null : "{}";
            }
            catch (TrainingFailedException failure) when (!IsDead)
            {
                run.End(failure);
                throw;
            }
        }
    }
}
