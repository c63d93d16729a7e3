using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>A cluster of processes on this machine, which begins and ends with one run.</summary>
/// <remarks>The same processes, messages and bits as on several machines; a node that dies is started again.</remarks>
internal sealed class LocalClusterEngine(EngineSettings settings, DataRequest data, Action<string> notify, int? chaosSeed) : IEngine
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan OrderDeadline = TimeSpan.FromSeconds(60);

    // Once the run is submitted.
    private volatile Chaos? _chaos;

    /// <inheritdoc/>
    public async Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken stop)
    {
        var run = (RunFolder)job.Checkpoints!;
        try
        {
            using var nodes = await LocalNodes.StartAsync(settings, data, run, notify, stop).ConfigureAwait(false);
            var cluster = new ClusterConnection([nodes.Coordinator], "127.0.0.1");
            await using (cluster.ConfigureAwait(false))
                return await TrainAsync(job, run, nodes, cluster, observer, stop).ConfigureAwait(false);
        }
        catch (Exception failure) when (stop.IsCancellationRequested && failure is (IOException or OperationCanceledException))
        {
            return Interrupted(job, run); // before the cluster was there, or before its processes could listen to signals
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private async Task<TrainingResult> TrainAsync(
        TrainingJob job, RunFolder run, LocalNodes nodes, ClusterConnection cluster, ITrainingObserver observer, CancellationToken stop)
    {
        using var over = new CancellationTokenSource();
        using var chaos = chaosSeed is { } seed ? new Chaos(nodes, seed, notify) : null;
        var follower = new RunFollower(cluster, run.Id, job.ResumeFrom?.History.Count ?? 0);
        var kept = KeepAliveAsync(nodes, follower, over.Token, stop);
        try
        {
            await SubmitAsync(cluster, run, kept, stop).ConfigureAwait(false);
            _chaos = chaos;
            var last = await FollowAsync(follower, kept, observer, over.Token, stop).ConfigureAwait(false);
            var result = Result(job, run, last);
            follower.ShowEpochs(result.History, observer);
            return result;
        }
        finally
        {
            await over.CancelAsync().ConfigureAwait(false);
            await kept.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Apart from the questions, which wait for an answer when it is the coordinator that has died.
    private async Task KeepAliveAsync(LocalNodes nodes, RunFollower follower, CancellationToken over, CancellationToken stop)
    {
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(over).ConfigureAwait(false))
        {
            await nodes.ReviveAsync(over).ConfigureAwait(false);
            if (stop.IsCancellationRequested) _chaos?.Continue();
            else _chaos?.Act(follower.Version);
        }
    }

    private async Task SubmitAsync(ClusterConnection cluster, RunFolder run, Task kept, CancellationToken stop)
    {
        var servers = settings.ParameterServers > 0 ? settings.ParameterServers : settings.Nodes;
        var order = new SubmitRun(OrderOptions.NewId(), "", run.Path, settings.Workers, servers, settings.ParameterShards, settings.CheckpointEvery);
        var asked = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(asked) < OrderDeadline)
        {
            stop.ThrowIfCancellationRequested();
            if (kept.IsFaulted) await kept.ConfigureAwait(false);
            var answer = await cluster.AskAsync<RunAnswered>(order, stop).ConfigureAwait(false);
            if (answer is { Refusal.Length: > 0 }) throw new TrainingFailedException(answer.Refusal);
            if (answer is not null) return;
        }

        throw new TrainingFailedException($"The coordinator took no order within {OrderDeadline.TotalSeconds:0} seconds; its log is in {run.Path}/nodes");
    }

    // Keeping the nodes alive fails where one ends again and again; then there is nothing left to follow.
    private static async Task<ClusterStatus> FollowAsync(
        RunFollower follower, Task kept, ITrainingObserver observer, CancellationToken over, CancellationToken stop)
    {
        using var abandoned = CancellationTokenSource.CreateLinkedTokenSource(over);
        var last = follower.FollowAsync(observer, epochs => stop.IsCancellationRequested ? new CancelRun() : new AskStatus(epochs), abandoned.Token);
        if (await Task.WhenAny(last, kept).ConfigureAwait(false) == last) return await last.ConfigureAwait(false);
        await abandoned.CancelAsync().ConfigureAwait(false);
        await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await kept.ConfigureAwait(false);
        throw new InvalidOperationException("The nodes were left alone before the run was over.");
    }

    private static TrainingResult Interrupted(TrainingJob job, RunFolder run)
    {
        var checkpoint = run.LoadLatest();
        return new TrainingResult
        {
            Parameters = checkpoint?.Parameters ?? [],
            Version = checkpoint?.Version ?? 0,
            Examples = 0,
            ExamplesThisSession = 0,
            TrainTime = TimeSpan.Zero,
            History = checkpoint?.History ?? job.ResumeFrom?.History ?? [],
            End = TrainingEnd.Interrupted,
        };
    }

    private static TrainingResult Result(TrainingJob job, RunFolder run, ClusterStatus last)
    {
        var checkpoint = run.LoadLatest();
        if (checkpoint is null && last.Phase == RunPhase.Interrupted) return Interrupted(job, run); // before it had begun
        if (checkpoint is null) throw new InvalidDataException($"run {run.Id} left no checkpoint");
        var plan = RunPlan.Of(job.Spec, job.Examples.Count);
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
            End = last.Phase == RunPhase.Interrupted ? TrainingEnd.Interrupted
                : checkpoint.Version == plan.TotalSteps ? TrainingEnd.Completed
                : TrainingEnd.StoppedEarly,
        };
    }
}
