using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>Runs on a coordinator's node: their folders, data and results.</summary>
/// <param name="images">The node's images.</param>
/// <param name="runsDirectory">Folder of the runs.</param>
/// <param name="journal">Where a run's ledger is kept.</param>
/// <param name="log">Hears of damaged checkpoints that are passed over.</param>
internal sealed class RunHost(NodeImages images, string runsDirectory, Func<RunFolder, JournalSettings> journal, TextWriter log) : IRunHost
{
    private readonly TextWriter _log = log;
    private int _training; // runs under way

    /// <inheritdoc/>
    public bool IsTraining => Volatile.Read(ref _training) > 0;

    /// <inheritdoc/>
    public Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken) => Task.Run<IHostedRun>(() => Open(order), cancellationToken);

    /// <inheritdoc/>
    public Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken) => Task.Run(Describe, cancellationToken);

    private ClusterData Describe()
    {
        var (folder, data) = images.Load();
        var newest = RunFolder.List(runsDirectory) is [.., var last] ? last : null;
        return new ClusterData(
            "", folder, data.Training.ContentHash, data.Training.Count, data.Training.InputSize, data.Training.TargetSize, newest?.Id ?? "", newest?.Result is not null);
    }

    private HostedRun Open(SubmitRun order)
    {
        var (folder, data) = images.Load();
        var engine = new EngineSettings(Engines.Actors, order.Workers, order.ParameterShards, order.CheckpointEvery) { Nodes = order.Nodes };
        if (order.Resume.Length == 0)
        {
            var spec = Specs.Valid(TrainingSpecJson.Read(order.Spec, "the order"), data.Training.Count);
            return Host(RunFolder.Create(runsDirectory, spec, DataDescription.Of(data.Training, folder), engine, TimeProvider.System), engine, data);
        }

        var run = RunFolder.Open(runsDirectory, order.Resume);
        if (run.Description.Data.ContentHash != data.Training.ContentHash)
            throw new InvalidDataException($"run {run.Id} was begun with other images (content {run.Description.Data.ContentHash}, found {data.Training.ContentHash})");
        return Host(run, engine, data);
    }

    private HostedRun Host(RunFolder run, EngineSettings engine, ImageFolder data)
    {
        var settings = journal(run);
        JournalFile.Prepare(settings);
        return new HostedRun(run, settings, engine, data, this);
    }

    private sealed class HostedRun(RunFolder run, JournalSettings journal, EngineSettings engine, ImageFolder data, RunHost host) : IHostedRun
    {
        public string Id => run.Id;

        public JournalSettings Journal => journal;

        public TrainingSpec Spec => run.Description.Spec;

        public async Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken)
        {
            using var claim = run.Claim();
            Interlocked.Increment(ref host._training);
            try
            {
                var result = await train(Job(), new RunRecorder(run, observer), cancellationToken).ConfigureAwait(false);
                return result.End == TrainingEnd.Interrupted ? null : RunCompletion.Complete(run, engine, result, data.Test).ToJson();
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
