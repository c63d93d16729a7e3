using System.Text.Json;
using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>A run on a cluster that is up, as its client sees it: ordered, then followed.</summary>
/// <param name="cluster">Takes questions.</param>
/// <param name="messages">Takes the lines for people.</param>
internal sealed class ClusterRun(IClusterClient cluster, TextWriter messages)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(60);

    private ClusterData? _data;
    private RunPlan? _plan;
    private RunAnswered? _run;

    /// <summary>What the cluster has.</summary>
    /// <exception cref="IOException">It did not answer within a minute, or has no data.</exception>
    public async Task<ClusterData> AskDataAsync(CancellationToken stop)
    {
        _data = await AskAsync<ClusterData>(new AskData(), stop).ConfigureAwait(false);
        return _data.Refusal.Length == 0 ? _data : throw new IOException($"the cluster has no data: {_data.Refusal}");
    }

    /// <summary>Orders the run and says what it is.</summary>
    /// <returns>Its name.</returns>
    /// <exception cref="TrainingFailedException">The cluster refused it.</exception>
    public async Task<string> SubmitAsync(SubmitRun order, CancellationToken stop)
    {
        _run = await AskAsync<RunAnswered>(order, stop).ConfigureAwait(false);
        if (_run.Refusal.Length > 0) throw new TrainingFailedException(_run.Refusal);
        var spec = TrainingSpecJson.Read(_run.Spec, _run.RunId);
        _plan = new RunPlan(spec, ValidationSplit.Of(_data!.Examples, spec.ValidationFraction).TrainingCount);
        messages.WriteLine($"data    {_data.Folder}: {Figures.Whole(_data.Examples)} training images");
        messages.WriteLine($"network {NetworkText.Of(spec.Network)}, {spec.Optimizer.Name}, batch {spec.BatchSize}, seed {spec.Seed}");
        messages.WriteLine($"run     {_run.RunId} (waits for {order.Workers} workers and {order.ParameterServers} parameter servers){(order.Resume.Length > 0 ? ", resumed" : "")}");
        return _run.RunId;
    }

    /// <summary>Shows the run's epochs until it ends.</summary>
    /// <returns>Its result as JSON; null if it was interrupted.</returns>
    /// <exception cref="TrainingFailedException">It failed, or another has taken its place.</exception>
    /// <exception cref="OperationCanceledException">The follower was told to stop; the run goes on.</exception>
    public async Task<string?> FollowAsync(CancellationToken stop)
    {
        var epochs = 0;
        TrainingSpeed? speed = null;
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            var status = await AskAsync<ClusterStatus>(new AskStatus(epochs), stop).ConfigureAwait(false);
            if (status.RunId != _run!.RunId)
                throw new TrainingFailedException($"The cluster no longer knows run {_run.RunId}, its coordinator was started anew; go on with it by 'distnet submit --resume {_run.RunId}'");
            if (status.Version > 0) (speed ??= new TrainingSpeed(_plan!, status.Version, TimeProvider.System)).Observe(new TrainingProgress(status.Version, status.Epoch, status.Statistics));
            foreach (var epoch in status.Epochs)
                messages.WriteLine(EpochLines.Describe(new EpochReport(epoch.Epoch, epoch.Training, epoch.HasValidation ? epoch.Validation : null), speed ?? new TrainingSpeed(_plan!, 0, TimeProvider.System)));
            epochs += status.Epochs.Count;
            if (status.Phase == RunPhase.Failed) throw new TrainingFailedException(status.Text);
            if (status.Phase == RunPhase.Interrupted) return null;
            if (status.Phase == RunPhase.Completed) return status.Text;
        }

        throw new InvalidOperationException("The timer ended.");
    }

    /// <summary>Says what came of it.</summary>
    /// <param name="result">As <see cref="FollowAsync"/> gives it.</param>
    public void Conclude(string result)
    {
        using var json = JsonDocument.Parse(result);
        var root = json.RootElement;
        var seconds = TimeSpan.FromSeconds(root.GetProperty("trainSeconds").GetDouble());
        messages.WriteLine(
            $"{Figures.Whole(root.GetProperty("steps").GetInt64())} steps, {Figures.Duration(seconds)} of training, {Figures.Whole(root.GetProperty("examplesPerSecond").GetDouble())} examples/s");
        messages.WriteLine($"test accuracy {Figures.Percent(root.GetProperty("testAccuracy").GetDouble())}  test loss {Figures.Loss(root.GetProperty("testLoss").GetDouble())}");
        messages.WriteLine($"weights SHA-256 {root.GetProperty("weightsSha256").GetString()}");
        messages.WriteLine($"model   {root.GetProperty("model").GetString()}");
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

        throw new IOException($"the cluster did not answer within {AnswerDeadline.TotalSeconds:0} seconds; is its coordinator there?");
    }
}
