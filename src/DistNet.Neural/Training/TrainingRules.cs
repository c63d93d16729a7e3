using System.Globalization;

namespace DistNet.Neural;

/// <summary>What makes a run impossible, each as one sentence that begins with the member's JSON path.</summary>
internal static class TrainingRules
{
    public static string? FirstProblem(TrainingSpec spec, int? exampleCount) => spec switch
    {
        { Network: null } => "network is missing.",
        { Optimizer: null } => "optimizer is missing.",
        { Schedule: null } => "schedule is missing.",
        _ => NetworkRules.FirstProblem(spec.Network) ?? spec.Optimizer.FirstProblem() ?? spec.Schedule.FirstProblem()
            ?? NumberProblem(spec) ?? spec.Distortion?.FirstProblem(spec.Network.InputSize) ?? (exampleCount is { } count ? ExampleProblem(spec, count) : null),
    };

    private static string? NumberProblem(TrainingSpec spec) => spec switch
    {
        _ when !(spec.WeightDecay >= 0 && float.IsFinite(spec.WeightDecay)) =>
            $"weightDecay must be a number of at least 0, but is {Text(spec.WeightDecay)}.",
        { Epochs: < 1 } => $"epochs must be at least 1, but is {spec.Epochs}.",
        { BatchSize: < 1 } => $"batchSize must be at least 1, but is {spec.BatchSize}.",
        { MicroBatchSize: < 1 } => $"microBatchSize must be at least 1, but is {spec.MicroBatchSize}.",
        _ when !(spec.ValidationFraction is >= 0 and < 1) =>
            $"validationFraction must be at least 0 and less than 1, but is {Text(spec.ValidationFraction)}.",
        { EarlyStoppingPatience: < 1 } => $"earlyStoppingPatience must be at least 1 epoch, but is {spec.EarlyStoppingPatience}.",
        _ => null,
    };

    private static string? ExampleProblem(TrainingSpec spec, int exampleCount)
    {
        if (exampleCount < 1)
            return $"the training set must hold at least 1 example, but holds {exampleCount}.";
        var split = ValidationSplit.Of(exampleCount, spec.ValidationFraction);
        if (split.TrainingCount < 1)
            return $"validationFraction {Text(spec.ValidationFraction)} leaves none of {exampleCount} examples to train on: " +
                "choose a smaller one.";
        return spec.ValidationFraction > 0 && split.ValidationCount < 1
            ? $"validationFraction {Text(spec.ValidationFraction)} of {exampleCount} examples is less than one: choose a larger " +
              "one, or 0 for none."
            : null;
    }

    private static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Text(float value) => value.ToString(CultureInfo.InvariantCulture);
}
