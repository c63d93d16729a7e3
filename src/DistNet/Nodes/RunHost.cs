using DistNet.Actors;
using DistNet.Actors.Transport;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet;

/// <summary>Runs on a coordinator's node: their folders, data and results.</summary>
/// <param name="nodeData">The node's data.</param>
/// <param name="runsDirectory">Folder of the runs.</param>
/// <param name="orders">Where the cluster's orders are kept.</param>
/// <param name="journal">Where a run's ledger is kept.</param>
/// <param name="log">Hears of damaged checkpoints that are passed over.</param>
internal sealed class RunHost(
    NodeData nodeData, string runsDirectory, JournalSettings orders, Func<RunFolder, JournalSettings> journal, TextWriter log) : IRunHost
{
    // A leader that was paused holds its claim until it goes on, and learns that it was replaced; one that is dead holds none.
    private static readonly TimeSpan ClaimPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan ClaimInterval = TimeSpan.FromMilliseconds(100);

    private readonly TextWriter _log = log;
    private int _training; // runs under way

    /// <inheritdoc/>
    public bool IsTraining => Volatile.Read(ref _training) > 0;

    /// <inheritdoc/>
    public JournalSettings Orders => orders;

    /// <inheritdoc/>
    public Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken) => Task.Run<IHostedRun>(() => Open(order), cancellationToken);

    /// <inheritdoc/>
    public async Task<IHostedRun> ReopenAsync(OrderAccepted order, CancellationToken cancellationToken)
    {
        var run = await Task.Run(() => Reopen(order), cancellationToken).ConfigureAwait(false);
        await JournalServer.ReachAsync(run.Journal, cancellationToken).ConfigureAwait(false); // a leader that begins without it would cease to lead
        return run;
    }

    /// <inheritdoc/>
    public Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken) => Task.Run(Describe, cancellationToken);

    private ClusterData Describe()
    {
        var data = nodeData.Load();
        var (training, usual) = (data.Training, TrainingSpecJson.Write(UsualSpec.For(data)));
        return new ClusterData("", data.Source, training.ContentHash, training.Count, training.InputSize, training.TargetSize, usual);
    }

    private HostedRun Open(SubmitRun order)
    {
        var data = nodeData.Load();
        var engine = new EngineSettings(Engines.Actors, order.Workers, order.ParameterShards, order.CheckpointEvery);
        if (order.Resume.Length > 0) return Host(Unfinished(order.Resume), engine, data, TimeSpan.Zero);
        var spec = Specs.Valid(TrainingSpecJson.Read(order.Spec, "the order"), data.Training.Count);
        CheckShards(spec, engine, data);
        return Host(RunFolder.Create(runsDirectory, spec, data.Describe(), engine, TimeProvider.System), engine, data, TimeSpan.Zero);
    }

    private RunFolder Unfinished(string name)
    {
        var run = RunFolder.Open(runsDirectory, name);
        TrainRequest.RequireUnfinished(run);
        return run;
    }

    private HostedRun Reopen(OrderAccepted order) => Host(
        RunFolder.Open(runsDirectory, order.RunId),
        new EngineSettings(Engines.Actors, order.Workers, order.ParameterShards, order.CheckpointEvery),
        nodeData.Load(),
        ClaimPatience);

    private HostedRun Host(RunFolder run, EngineSettings engine, LoadedData data, TimeSpan patience)
    {
        var (begunWith, found) = (run.Description.Data.ContentHash, data.Training.ContentHash);
        if (begunWith != found) throw new InvalidDataException($"run {run.Id} was begun with other {data.Unit} (content {begunWith}, found {found})");
        CheckShards(run.Description.Spec, engine, data);
        return new HostedRun(run, journal(run), engine, data, patience, this);
    }

    // A shard's state goes from node to node in one frame.
    private static void CheckShards(TrainingSpec spec, EngineSettings engine, LoadedData data)
    {
        var plan = RunPlan.Of(spec, data.Training.Count);
        var largest = ShardAssignment.Cut(spec, plan, engine.ParameterShards).Max(shard => shard.StateBytes);
        const long Most = TensorTransportOptions.PayloadCeilingBytes;
        if (largest > Most)
            throw new InvalidDataException(
                $"parameters and optimizer state of one of {engine.ParameterShards} parameter shards have {largest / (1 << 20)} MiB, and {Most >> 20} MiB go from node to node "
                + $"at once; use at least {(largest * engine.ParameterShards / Most) + 1} --parameter-shards");
    }

    private static async Task<IDisposable> ClaimAsync(RunFolder run, TimeSpan patience, CancellationToken stop)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (true)
        {
            try
            {
                return run.Claim();
            }
            catch (RunClaimedException) when (TimeProvider.System.GetElapsedTime(began) < patience)
            {
                await Task.Delay(ClaimInterval, stop).ConfigureAwait(false);
            }
        }
    }

    private sealed class HostedRun(
        RunFolder run, JournalSettings journal, EngineSettings engine, LoadedData data, TimeSpan patience, RunHost host) : IHostedRun
    {
        public string Id => run.Id;

        public JournalSettings Journal => journal;

        public TrainingSpec Spec => run.Description.Spec;

        public string? ReadResult() => run.ReadResult()?.ToJson();

        // Who calls it answers others meanwhile: no disk, however slow, is to hold it up.
        public Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken) =>
            Task.Run(() => TrainClaimedAsync(train, observer, cancellationToken), CancellationToken.None);

        private async Task<string?> TrainClaimedAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken)
        {
            using var claim = await ClaimAsync(run, patience, cancellationToken).ConfigureAwait(false);
            if (ReadResult() is { } made) return made; // another process has come to its end meanwhile
            Interlocked.Increment(ref host._training);
            try
            {
                JournalFile.Prepare(journal); // not before: a leader that was paused in the middle of a write holds the file's lock as long as the claim
                var (result, workers, nodes) = await train(Job(), new RunRecorder(run, observer), cancellationToken).ConfigureAwait(false);
                return result.End == TrainingEnd.Interrupted
                    ? null
                    : RunCompletion.Complete(run, engine with { Workers = workers, Nodes = nodes }, result, data.Test).ToJson();
            }
            finally
            {
                Interlocked.Decrement(ref host._training);
            }
        }

        private TrainingJob Job() => new()
        {
            Spec = run.Description.Spec,
            Examples = data.Training,
            ResumeFrom = RunCompletion.LoadLatest(run, host._log),
            Checkpoints = run,
            CheckpointEvery = engine.CheckpointEvery,
        };
    }
}
