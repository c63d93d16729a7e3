using System.Globalization;
using DistNet.Neural;

namespace DistNet;

/// <summary>How well a model did on examples, in one line.</summary>
internal static class TestText
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

    /// <summary>Mean squared error, mean absolute error and R2.</summary>
    public static string Of(RegressionMetrics metrics) => string.Create(
        CultureInfo.InvariantCulture, $"MSE {metrics.MeanSquaredError:G6}  MAE {metrics.MeanAbsoluteError:G6}  R2 {metrics.R2:0.0000}");
}
