using Akka.Actor;
using Akka.Configuration;
using DistNet.Neural;

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
            singleton-proxy { singleton-identification-interval = 200ms, log-singleton-identification-failure = off }
          }
          coordinated-shutdown { exit-clr = off, run-by-clr-shutdown-hook = off }
        }
        """);

    private readonly List<ClusterNode> _nodes = [];
    private readonly OneRun _run;

    // Guarded by itself: nodes speak on any thread.
    private readonly List<string> _log = [];

    public TestCluster(TrainingJob job, Recorder? recorder = null)
    {
        _run = new OneRun(job, recorder ?? new Recorder());
        Coordinator = Start([NodeRole.Coordinator], _ => { }, options => options with { Runs = _run, Join = [] });
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

    /// <summary>A node with workers and parameter shards.</summary>
    public ClusterNode Add(Func<NodeOptions, NodeOptions>? change = null, Action<string>? log = null) =>
        Start([NodeRole.Worker, NodeRole.ParameterServer], log ?? (_ => { }), options => (change ?? (same => same))(options with { Join = [Coordinator.Address] }));

    /// <summary>Has the cluster train the job.</summary>
    public async Task<TrainingResult> Train(int workers, int parameterServers, int shards)
    {
        SubmitRun order = new("", "run", parameterServers, workers, parameterServers, shards, 0);
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

    private ClusterNode Start(string[] roles, Action<string> log, Func<NodeOptions, NodeOptions> change)
    {
        ClusterNode node = ClusterNode.Start(change(new NodeOptions
        {
            Roles = roles,
            Secret = Secret,
            Config = Quick,
            LoadData = (_, _) => Task.FromResult<IExampleSet>(_run.Job.Examples),
            Log = line =>
            {
                log(line);
                if (roles.Contains(NodeRole.Coordinator))
                    lock (_log)
                        _log.Add(line);
            },
        }));
        _nodes.Add(node);
        return node;
    }

    /// <summary>The only run of the cluster.</summary>
    private sealed class OneRun(TrainingJob job, Recorder recorder) : IRunHost, IHostedRun
    {
        private readonly TaskCompletionSource<TrainingResult> _result = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TrainingJob Job => job;

        public string Id => "run";

        public JournalSettings Journal { get; } = NewJournal();

        public TrainingSpec Spec => job.Spec;

        public bool IsTraining => !_result.Task.IsCompleted;

        public Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken) =>
            throw new NotSupportedException("Nobody asks a cluster under test for its data.");

        public Task<TrainingResult> Result => _result.Task;

        private static JournalSettings NewJournal()
        {
            JournalSettings journal = JournalSettings.File(Path.Combine(Directory.CreateTempSubdirectory("distnet-").FullName, "journal.db"));
            JournalFile.Prepare(journal);
            return journal;
        }

        public Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken) => Task.FromResult<IHostedRun>(this);

        public async Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken)
        {
            try
            {
                _result.SetResult(await train(job, recorder, cancellationToken));
            }
            catch (TrainingFailedException failure)
            {
                _result.SetException(failure);
            }
            return "{}";
        }
    }
}
