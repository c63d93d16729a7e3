using System.Globalization;
using DistNet.Neural;

namespace DistNet;

/// <summary>What came of a run, and how well a model did on examples.</summary>
internal static class ResultText
{
    /// <summary>Of a run's test examples.</summary>
    public static string? Of(RunDescription run, float[] parameters, LoadedData data, RunResult result) => run.Data.Table is { IsRegression: true } table
        ? $"test {Of(RegressionMetrics.Of(run.Spec.Network, parameters, data.Test!, table))}"
        : Of(result.TestAccuracy, result.TestLoss);

    /// <summary>By the figures of a result: of a regression the loss alone, which is of standardized targets. Null if nothing was tested.</summary>
    public static string? Of(double? accuracy, double? loss) => (accuracy, loss) switch
    {
        (_, null) => null,
        (null, { } alone) => $"test loss {Figures.Loss(alone)}",
        ({ } share, { } beside) => $"test accuracy {Figures.Percent(share)}  test loss {Figures.Loss(beside)}",
    };

    /// <summary>Of a whole run: what it took, how well it did, and what it left.</summary>
    /// <param name="messages">Takes the lines.</param>
    /// <param name="result">The run's.</param>
    /// <param name="test">How well it did; null if nothing was tested.</param>
    public static void Conclude(TextWriter messages, RunResult result, string? test)
    {
        messages.WriteLine(
            $"{Figures.Whole(result.Steps)} steps, {Figures.Duration(TimeSpan.FromSeconds(result.TrainSeconds))} of training, "
            + $"{Figures.Whole(result.ExamplesPerSecond)} examples/s");
        if (test is not null) messages.WriteLine(test);
        messages.WriteLine($"weights SHA-256 {result.WeightsSha256}");
        messages.WriteLine($"model   {result.Model}");
    }

    /// <summary>Mean squared error, mean absolute error and R2.</summary>
    public static string Of(RegressionMetrics metrics) => string.Create(
        CultureInfo.InvariantCulture, $"MSE {metrics.MeanSquaredError:G6}  MAE {metrics.MeanAbsoluteError:G6}  R2 {metrics.R2:0.0000}");
}
