using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>A cluster of processes on this machine, which begins and ends with one run.</summary>
/// <remarks>The same processes, messages and bits as on several machines; a node that dies is started again.</remarks>
internal sealed class LocalClusterEngine(EngineSettings settings, TextWriter error, int? chaosSeed) : IEngine
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan SilenceDeadline = TimeSpan.FromMinutes(2);

    private LocalNodes? _nodes;
    private ClusterConnection? _cluster;
    private Chaos? _chaos;

    /// <inheritdoc/>
    public async Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken stop)
    {
        var run = (RunFolder)job.Checkpoints!;
        _nodes = await LocalNodes.StartAsync(settings, run, error).ConfigureAwait(false);
        _cluster = new ClusterConnection([_nodes.Coordinator], "127.0.0.1");
        await SubmitAsync(run, stop).ConfigureAwait(false);
        if (chaosSeed is { } seed) _chaos = new Chaos(_nodes, seed, error);
        var last = await FollowAsync(observer, stop).ConfigureAwait(false);
        return Result(job, run, last);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _chaos?.Dispose();
        if (_cluster is not null) await _cluster.DisposeAsync().ConfigureAwait(false);
        _nodes?.Dispose();
    }

    private async Task SubmitAsync(RunFolder run, CancellationToken stop)
    {
        var servers = settings.ParameterServers > 0 ? settings.ParameterServers : settings.Nodes;
        var order = new SubmitRun("", run.Path, settings.Nodes, settings.Workers, servers, settings.ParameterShards, settings.CheckpointEvery);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stop);
        deadline.CancelAfter(StartDeadline);
        while (!deadline.IsCancellationRequested)
        {
            var answer = await _cluster!.AskAsync<RunAnswered>(order, deadline.Token).ConfigureAwait(false);
            if (answer is { Refusal.Length: > 0 }) throw new TrainingFailedException(answer.Refusal);
            if (answer is not null) return;
        }

        throw new TrainingFailedException($"The coordinator took no order within {StartDeadline.TotalSeconds:0} seconds; its log is in {run.Path}/nodes");
    }

    private async Task<ClusterStatus> FollowAsync(ITrainingObserver observer, CancellationToken stop)
    {
        var (epochs, version, heard) = (0, -1L, Environment.TickCount64);
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(CancellationToken.None).ConfigureAwait(false))
        {
            object question = stop.IsCancellationRequested ? new CancelRun() : new AskStatus(epochs);
            var status = await _cluster!.AskAsync<ClusterStatus>(question, CancellationToken.None).ConfigureAwait(false);
            _nodes!.Revive();
            if (!stop.IsCancellationRequested) _chaos?.Act(Math.Max(0, version));
            if (status is null && Environment.TickCount64 - heard > SilenceDeadline.TotalMilliseconds)
                throw new TrainingFailedException($"The cluster has not answered for {SilenceDeadline.TotalMinutes:0} minutes");
            if (status is null) continue;
            heard = Environment.TickCount64;
            foreach (var epoch in status.Epochs)
                observer.OnEpoch(new EpochReport(epoch.Epoch, epoch.Training, epoch.HasValidation ? epoch.Validation : null));
            epochs += status.Epochs.Count;
            if (status.Version != version) observer.OnProgress(new TrainingProgress(status.Version, status.Epoch, status.Statistics));
            version = status.Version;
            if (status.Phase is RunPhase.Completed or RunPhase.Interrupted) return status;
            if (status.Phase == RunPhase.Failed) throw new TrainingFailedException(status.Text);
        }

        throw new InvalidOperationException("The timer ended.");
    }

    private static TrainingResult Result(TrainingJob job, RunFolder run, ClusterStatus last)
    {
        var checkpoint = run.LoadLatest() ?? throw new InvalidDataException($"run {run.Id} left no checkpoint");
        var plan = new RunPlan(job.Spec, ValidationSplit.Of(job.Examples.Count, job.Spec.ValidationFraction).TrainingCount);
        var made = plan.ExamplesUntil(checkpoint.Version) - plan.ExamplesUntil(job.ResumeFrom?.Version ?? 0);
        var outcome = last.Phase == RunPhase.Completed ? run.ReadResult() : null;
        return new TrainingResult
        {
            Parameters = checkpoint.Parameters,
            Version = checkpoint.Version,
            Examples = plan.ExamplesUntil(checkpoint.Version),
            ExamplesThisSession = made,
            TrainTime = TimeSpan.FromSeconds(outcome?.TrainSeconds ?? 0),
            History = checkpoint.History,
            End = last.Phase == RunPhase.Interrupted ? TrainingEnd.Interrupted : checkpoint.Version == plan.TotalSteps ? TrainingEnd.Completed : TrainingEnd.StoppedEarly,
        };
    }
}
