using DistNet.Neural;

namespace DistNet;

/// <summary>What is trained on a table where nothing else is asked for: tables are small, so it takes small steps, and many.</summary>
internal static class TableDefaults
{
    private const int HiddenUnits = 64;

    /// <summary>One hidden layer, and an output that fits the target: a number, up or down, or classes.</summary>
    public static TrainingSpec Spec(TableSchema schema)
    {
        var hidden = NetworkSpec.WithInputs(schema.InputSize).Dense(HiddenUnits, Activation.Relu);
        var network = schema.IsRegression ? hidden.Dense(1).Minimize(Loss.MeanSquaredError)
            : schema.TargetSize == 1 ? hidden.Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy)
            : hidden.Dense(schema.TargetSize, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        return new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("adam:learningRate=0.01"), Epochs = 100, BatchSize = 32 };
    }
}
