using System.Globalization;
using DistNet.Neural;

namespace DistNet;

/// <summary>How well a model did on examples, in one line.</summary>
internal static class TestText
{
    /// <summary>Of a run's test examples.</summary>
    public static string Of(RunDescription run, float[] parameters, LoadedData data, RunResult result) => run.Data.Table is { IsRegression: true } table
        ? $"test {Of(RegressionMetrics.Of(run.Spec.Network, parameters, data.Test!, table))}"
        : $"test {(result.TestAccuracy is { } accuracy ? $"accuracy {Figures.Percent(accuracy)}  test " : "")}loss {Figures.Loss(result.TestLoss ?? 0)}";

    /// <summary>Mean squared error, mean absolute error and R2.</summary>
    public static string Of(RegressionMetrics metrics) => string.Create(
        CultureInfo.InvariantCulture, $"MSE {metrics.MeanSquaredError:G6}  MAE {metrics.MeanAbsoluteError:G6}  R2 {metrics.R2:0.0000}");
}
