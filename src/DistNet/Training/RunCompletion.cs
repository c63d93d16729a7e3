using DistNet.Neural;

namespace DistNet;

/// <summary>How a run begins from what it has and ends with what it leaves, whoever trains it.</summary>
internal static class RunCompletion
{
    /// <summary>The newest intact checkpoint, or null if the run has none.</summary>
    /// <param name="run">The run.</param>
    /// <param name="log">Hears of damaged ones that are passed over.</param>
    /// <exception cref="InvalidDataException">All that there are are damaged.</exception>
    public static Checkpoint? LoadLatest(RunFolder run, TextWriter log)
    {
        var checkpoint = run.LoadLatest();
        if (checkpoint is null && run.Checkpoints.Damaged is [var newest, ..])
            throw new InvalidDataException($"run {run.Id} has no intact checkpoint to resume; begin another run, or bring back a copy of {newest.Path}");
        foreach (var damaged in run.Checkpoints.Damaged)
            log.WriteLine($"The checkpoint is passed over, because {damaged.Reason}");
        return checkpoint;
    }

    /// <summary>Evaluates on the test examples, if there are any, saves the model, and writes the result.</summary>
    public static RunResult Complete(RunFolder run, EngineSettings engine, TrainingResult result, IExampleSet? test)
    {
        var description = run.Description;
        var evaluation = test is null ? null : Evaluation.Evaluate(description.Spec.Network, result.Parameters, test);
        var model = run.SaveModel(new Model { Spec = description.Spec, Data = description.Data, Version = result.Version, Parameters = result.Parameters });
        var outcome = Outcome(run, engine, result, evaluation, model);
        run.WriteResult(outcome);
        return outcome;
    }

    private static RunResult Outcome(RunFolder run, EngineSettings engine, TrainingResult result, EvaluationResult? evaluation, string model) => new()
    {
        Run = run.Id,
        Engine = engine.Engine,
        Workers = engine.Workers,
        ParameterShards = engine.ParameterShards,
        Nodes = engine.Nodes,
        Epochs = result.History.Count,
        Steps = result.Version,
        Examples = result.Examples,
        TrainSeconds = result.TrainTime.TotalSeconds,
        ExamplesPerSecond = result.ExamplesThisSession == 0 ? 0 : result.ExamplesThisSession / result.TrainTime.TotalSeconds,
        TrainLoss = result.History.Count == 0 ? null : result.History[^1].Training.MeanLoss,
        TestLoss = evaluation?.Loss,
        TestAccuracy = Answers.ClassCount(run.Description.Spec.Network) == 0 ? null : evaluation?.Accuracy,
        WeightsSha256 = WeightsHash.Of(result.Parameters),
        Model = model,
    };
}
