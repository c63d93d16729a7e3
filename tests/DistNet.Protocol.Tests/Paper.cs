using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>Runs on paper: 100 examples in mini-batches of 32 and a tail of 4, micro-batches of 4: four
/// steps an epoch, of 8, 8, 8 and 1 micro-batches.</summary>
internal static class Paper
{
    public static TrainingSpec Spec => new()
    {
        Network = NetworkSpec.WithInputs(2).Dense(1, Activation.Linear).Minimize(Loss.MeanSquaredError),
        Optimizer = OptimizerSpec.Parse("sgd"),
        Epochs = 3,
        BatchSize = 32,
        MicroBatchSize = 4,
    };

    public static RunPlan Plan(TrainingSpec? spec = null) => new(spec ?? Spec, 100);

    public static Generation Generation(int number) => new(number);

    /// <summary>Statistics that can be told apart.</summary>
    public static LossStatistics Statistics(int lossSum) => new(lossSum, lossSum, 1);

    public static TimeSpan Seconds(double seconds) => TimeSpan.FromSeconds(seconds);
}
