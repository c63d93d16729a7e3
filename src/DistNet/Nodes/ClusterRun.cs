using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>A run on a cluster that is up, as its client sees it: ordered, then followed.</summary>
/// <param name="cluster">Takes questions.</param>
/// <param name="messages">Takes the lines for people.</param>
internal sealed class ClusterRun(IClusterClient cluster, TextWriter messages)
{
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);

    private ClusterData? _data;
    private RunPlan? _plan;

    /// <summary>The run's id; empty until one was taken.</summary>
    public string Id { get; private set; } = "";

    /// <summary>What the cluster has.</summary>
    /// <exception cref="IOException">It did not answer within a minute, or has no data.</exception>
    public async Task<ClusterData> AskDataAsync(CancellationToken stop)
    {
        _data = await AskAsync<ClusterData>(new AskData(), stop).ConfigureAwait(false);
        return _data.Refusal.Length == 0 ? _data : throw new IOException($"the coordinator has no data to train with: {_data.Refusal}");
    }

    /// <summary>Takes the run that the cluster was ordered last, and says what it is.</summary>
    /// <param name="how">How it came about, as it is told.</param>
    /// <param name="stop">Ends the wait for the answer.</param>
    /// <returns>Its name, or null if there was no order.</returns>
    public async Task<string?> FindAsync(string how, CancellationToken stop)
    {
        var answer = await AskAsync<RunAnswered>(new AskOrder(), stop).ConfigureAwait(false);
        if (answer.RunId.Length == 0) return null;
        Introduce(answer, how);
        return answer.RunId;
    }

    /// <summary>Orders the run and says what it is.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="TrainingFailedException">The cluster refused it.</exception>
    public async Task<string> SubmitAsync(SubmitRun order, CancellationToken stop)
    {
        var answer = await AskAsync<RunAnswered>(order, stop).ConfigureAwait(false);
        if (answer.Refusal.Length > 0) throw new TrainingFailedException(answer.Refusal);
        var resumed = order.Resume.Length > 0 ? ", resumed" : "";
        Introduce(answer, $"waits for {order.Workers} workers and {order.ParameterServers} parameter servers{resumed}");
        return answer.RunId;
    }

    /// <summary>Shows the run's epochs until it ends.</summary>
    /// <returns>Its result as JSON; null if it was interrupted.</returns>
    /// <exception cref="TrainingFailedException">It failed, or another has taken its place.</exception>
    /// <exception cref="OperationCanceledException">The follower was told to stop; the run goes on.</exception>
    public async Task<string?> FollowAsync(CancellationToken stop)
    {
        var follower = new RunFollower(cluster, Id, epochsShown: 0);
        var last = await follower.FollowAsync(new LateLines(messages, _plan!), epochs => new AskStatus(epochs), stop).ConfigureAwait(false);
        return last.Phase == RunPhase.Completed ? last.Text : null;
    }

    /// <summary>Says what came of it.</summary>
    /// <param name="result">As <see cref="FollowAsync"/> gives it.</param>
    public void Conclude(string result)
    {
        var outcome = RunResult.Parse("the cluster's answer", result);
        ResultText.Conclude(messages, outcome, ResultText.Of(outcome.TestAccuracy, outcome.TestLoss));
    }

    private void Introduce(RunAnswered run, string how)
    {
        Id = run.RunId;
        var spec = TrainingSpecJson.Read(run.Spec, run.RunId);
        _plan = RunPlan.Of(spec, _data!.Examples);
        messages.WriteLine($"data    {_data.Folder}: {Figures.Whole(_data.Examples)} training examples");
        messages.WriteLine($"network {NetworkText.Of(spec.Network)}, {spec.Optimizer.Name}, batch {spec.BatchSize}, seed {spec.Seed}");
        messages.WriteLine($"run     {run.RunId} ({how})");
    }

    private async Task<T> AskAsync<T>(object question, CancellationToken stop)
        where T : class
    {
        var asked = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(asked) < AnswerDeadline)
        {
            stop.ThrowIfCancellationRequested();
            if (await cluster.AskAsync<T>(question, stop).ConfigureAwait(false) is { } answer) return answer;
        }

        throw new IOException($"the cluster at {cluster.Nodes} did not answer within {AnswerDeadline.TotalSeconds:0} seconds; see whether its coordinator is up with 'distnet status'");
    }

    /// <summary>A line for each epoch, with the speed since the first step that was heard of: others may have been made before anybody followed.</summary>
    private sealed class LateLines(TextWriter writer, RunPlan plan) : ITrainingObserver
    {
        private EpochLines? _lines;

        public void OnProgress(TrainingProgress progress)
        {
            if (progress.Version == 0) return;
            if (_lines is null) writer.WriteLine($"step {Figures.Whole(progress.Version)} is made");
            (_lines ??= From(progress.Version)).OnProgress(progress);
        }

        public void OnEpoch(EpochReport report) => (_lines ?? From(0)).OnEpoch(report);

        public void OnCheckpoint(long version, string path)
        {
            // The coordinator's node has it, and says so when the run stops.
        }

        private EpochLines From(long version) => new(writer, new TrainingSpeed(plan, version, TimeProvider.System));
    }
}
