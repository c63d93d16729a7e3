using DistNet.Neural;

namespace DistNet;

/// <summary>What is trained where nothing else is asked for.</summary>
internal static class UsualSpec
{
    /// <summary>Units of the lecture's hidden layer.</summary>
    public const int ImageUnits = 512;

    private const int TableUnits = 64;

    /// <summary>What fits the data.</summary>
    public static TrainingSpec For(LoadedData data) =>
        data.Schema is { } schema ? OfTable(schema) : OfImages(data.Training.InputSize, data.Training.TargetSize);

    /// <summary>The lecture's: 784 -> dense 512 relu -> dense 10 softmax.</summary>
    public static TrainingSpec OfImages(int pixels, int classes) => new()
    {
        Network = NetworkSpec.WithInputs(pixels).Dense(ImageUnits, Activation.Relu).Dense(classes, Activation.Softmax)
            .Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse("rmsprop"),
    };

    // Tables are small, so it takes small steps, and many. The output fits the target: a number, up or down, or classes.
    private static TrainingSpec OfTable(TableSchema schema)
    {
        var hidden = NetworkSpec.WithInputs(schema.InputSize).Dense(TableUnits, Activation.Relu);
        var network = schema.IsRegression ? hidden.Dense(1).Minimize(Loss.MeanSquaredError)
            : schema.TargetSize == 1 ? hidden.Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy)
            : hidden.Dense(schema.TargetSize, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        return new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("adam:learningRate=0.01"), Epochs = 100, BatchSize = 32 };
    }
}
