using DistNet.Neural;

namespace DistNet;

/// <summary>One session of a run: loads, trains, evaluates, saves, and tells what came of it.</summary>
internal sealed class TrainSession(TrainRequest request, Terminal terminal, TimeProvider time)
{
    private readonly TextWriter _messages = request.Json ? terminal.Error : terminal.Output;

    /// <summary>Runs the session.</summary>
    /// <returns>See <see cref="ExitCode"/>.</returns>
    public async Task<int> RunAsync()
    {
        using var stop = new StopSignals(terminal.Notifier(request.Json), () => terminal.ShowCursor(request.Json));
        await using var engine = Engines.Create(request, terminal, time);
        var data = await Task.Run(() => request.Data.Load()).ConfigureAwait(false);
        var spec = request.SpecFor(data);
        new MemoryDemand(spec, data.Training.Count, request.Engine).Check();
        var description = data.Describe();
        if (stop.Requested.IsCancellationRequested) return ExitCode.Interrupted;
        var run = request.Resumed ?? RunFolder.Create(request.RunsDirectory, spec, description, request.Engine, time);
        // In a cluster the coordinator's process claims it.
        using var claim = request.Engine.IsCluster ? null : run.Claim();
        TrainRequest.RequireUnfinished(run); // another process may have come to its end meanwhile
        var result = await TrainAsync(engine, run, spec, data, stop.Requested).ConfigureAwait(false);
        return result.End == TrainingEnd.Interrupted ? Interrupted(run, result) : Finished(run, result, data, stop.Requested);
    }

    private async Task<TrainingResult> TrainAsync(IEngine engine, RunFolder run, TrainingSpec spec, LoadedData data, CancellationToken stop)
    {
        // A run that ended before its first checkpoint has nothing to go on from; that of a cluster that failed has the nodes' logs, which say why.
        var isKept = request.Engine.IsCluster;
        try
        {
            var job = Job(run, spec, data.Training);
            Introduce(run, job, data);
            var result = await ShowAsync(engine, run, job, stop).ConfigureAwait(false);
            isKept = result.End != TrainingEnd.Interrupted;
            return result;
        }
        finally
        {
            if (!isKept && request.Resumed is null && run.Checkpoints.Paths.Count == 0) Directory.Delete(run.Path, recursive: true);
        }
    }

    private TrainingJob Job(RunFolder run, TrainingSpec spec, IExampleSet training)
    {
        var checkpoint = request.Resumed is null ? null : RunCompletion.LoadLatest(run, terminal.Error);
        return new TrainingJob
        {
            Spec = spec,
            Examples = training,
            ResumeFrom = checkpoint,
            Checkpoints = run,
            CheckpointEvery = request.Engine.CheckpointEvery,
        };
    }

    private void Introduce(RunFolder run, TrainingJob job, LoadedData data)
    {
        var how = request.Engine.Engine == Engines.Plain
            ? "plain, one thread"
            : $"{request.Engine.Workers} workers, {request.Engine.ParameterShards} parameter shards";
        _messages.WriteLine(
            $"data    {data.Source}: {Figures.Whole(data.Training.Count)} training and {Figures.Whole(data.Test?.Count ?? 0)} test {data.Unit}");
        _messages.WriteLine(
            $"network {NetworkText.Of(job.Spec.Network)}, {job.Spec.Optimizer.Name}, batch {job.Spec.BatchSize}, seed {job.Spec.Seed}");
        var resumed = request.Resumed is null ? "" : $", resumed after step {job.ResumeFrom?.Version ?? 0}";
        _messages.WriteLine($"run     {run.Id} ({how}){resumed}");
    }

    private Task<TrainingResult> ShowAsync(IEngine engine, RunFolder run, TrainingJob job, CancellationToken stop)
    {
        var speed = new TrainingSpeed(PlanOf(job), job.ResumeFrom?.Version ?? 0, time);
        var hasClasses = Answers.ClassCount(job.Spec.Network) > 0;
        if (!terminal.IsLive(request.Json))
            return engine.TrainAsync(job, Recorded(run, new EpochLines(_messages, speed, hasClasses)), stop);
        var live = new LiveProgress(terminal.Live(request.Json), speed, hasClasses);
        return live.Show(() => engine.TrainAsync(job, Recorded(run, live), stop));
    }

    // The coordinator of a cluster writes the history of its run itself.
    private ITrainingObserver Recorded(RunFolder run, ITrainingObserver display) => request.Engine.IsCluster ? display : new RunRecorder(run, display);

    private int Interrupted(RunFolder run, TrainingResult result)
    {
        if (run.Checkpoints.NewestIntact is not { } checkpoint)
        {
            _messages.WriteLine("Stopped before the first step; there is nothing to resume.");
            return ExitCode.Interrupted;
        }

        _messages.WriteLine($"Stopped after step {result.Version}; {checkpoint} holds all of it. Go on with:");
        _messages.WriteLine($"  distnet train --resume {run.Id}{RunsOption.Repeat(run)}");
        return ExitCode.Interrupted;
    }

    private int Finished(RunFolder run, TrainingResult result, LoadedData data, CancellationToken stop)
    {
        // The coordinator of a cluster completes it, and knows who took part.
        var outcome = request.Engine.IsCluster && run.ReadResult() is { } made
            ? made with { Model = run.ModelPath }
            : RunCompletion.Complete(run, request.Engine, result, data.Test);
        if (request.Json) terminal.Output.WriteLine(outcome.ToJson());
        Conclude(run, result, outcome, data);
        return request.ChaosSeed is null ? ExitCode.Success : CompareWithCalmRun(run, outcome.WeightsSha256, data.Training, stop);
    }

    // The calm run is made by one thread, which nothing befalls.
    private int CompareWithCalmRun(RunFolder run, string hash, IExampleSet training, CancellationToken stop)
    {
        var job = new TrainingJob { Spec = run.Description.Spec, Examples = training };
        var unseen = new EpochLines(TextWriter.Null, new TrainingSpeed(PlanOf(job), 0, time));
        var result = Trainer.Train(job, unseen, time, stop);
        if (result.End == TrainingEnd.Interrupted)
        {
            terminal.Error.WriteLine($"chaos {request.ChaosSeed}: stopped in the middle of the calm run, so the weights were compared with none");
            return ExitCode.Interrupted;
        }

        var calm = WeightsHash.Of(result.Parameters);
        terminal.Error.WriteLine(hash == calm
            ? $"chaos {request.ChaosSeed}: the weights equal those of a calm run, {calm}"
            : $"chaos {request.ChaosSeed}: the weights DIFFER: {hash} here, {calm} in a calm run");
        return hash == calm ? ExitCode.Success : ExitCode.Failed;
    }

    private static RunPlan PlanOf(TrainingJob job) =>
        RunPlan.Of(job.Spec, job.Examples.Count);

    private void Conclude(RunFolder run, TrainingResult result, RunResult outcome, LoadedData data)
    {
        if (result.End == TrainingEnd.StoppedEarly)
            _messages.WriteLine($"Stopped early after epoch {result.History.Count}: the loss no longer falls.");
        ResultText.Conclude(_messages, outcome, data.Test is null ? null : ResultText.Of(run.Description, result.Parameters, data, outcome));
        var named = $"--model {run.Id}{RunsOption.Repeat(run)}";
        var item = data.Schema is null ? "7" : Shell.Quoted(data.Source);
        _messages.WriteLine($"Next:   distnet evaluate {named}   or   distnet predict {item} {named}");
    }
}
