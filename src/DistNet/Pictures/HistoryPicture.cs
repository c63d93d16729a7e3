using DistNet.Neural;
using ScottPlot;

namespace DistNet;

/// <summary>Curves of loss and accuracy over the epochs of one run or several.</summary>
internal static class HistoryPicture
{
    private const string Loss = "loss";
    private const int Width = 1120;
    private const int Height = 440;

    private const double Faint = 0.45; // opacity of training's curves

    /// <summary>Draws the curves, training faint and validation strong; a run without validation has its training alone, strong.</summary>
    /// <param name="runs">At least one run with at least one epoch each.</param>
    public static Picture Of(IReadOnlyList<(string Name, IReadOnlyList<EpochReport> Epochs)> runs)
    {
        var accuracy = Chart("accuracy in %", runs, statistics => 100 * statistics.Accuracy);
        return Charts.Beside(Width, Height, Chart(Loss, runs, statistics => statistics.MeanLoss), accuracy);
    }

    private static Plot Chart(string what, IReadOnlyList<(string Name, IReadOnlyList<EpochReport> Epochs)> runs, Func<LossStatistics, double> value)
    {
        var plot = Charts.Titled(what, "epoch", "");
        foreach (var (name, epochs) in runs)
        {
            var color = plot.Add.GetNextColor();
            var validated = epochs.Where(epoch => epoch.Validation is not null);
            (double, double)[] validation = [.. validated.Select(epoch => ((double)epoch.Epoch, value(epoch.Validation!.Value)))];
            var training = epochs.Select(epoch => ((double)epoch.Epoch, value(epoch.Training)));
            plot.AddCurve($"{name} training", validation.Length > 0 ? color.WithOpacity(Faint) : color, training, marker: 5);
            if (validation.Length > 0) plot.AddCurve($"{name} validation", color, validation, marker: 5);
        }

        plot.ShowLegend(what == Loss ? Alignment.UpperRight : Alignment.LowerRight);

        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        return plot;
    }
}
