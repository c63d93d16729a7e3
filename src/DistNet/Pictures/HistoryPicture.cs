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
        PictureFont.UseInCharts();
        var charts = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Columns() };
        charts.Reset(Chart(Loss, runs, statistics => statistics.MeanLoss));
        charts.AddPlot(Chart("accuracy in %", runs, statistics => 100 * statistics.Accuracy));
        return new Picture(Width, Height, canvas => charts.Render(canvas, new PixelRect(0, Width, Height, 0)));
    }

    private static Plot Chart(string what, IReadOnlyList<(string Name, IReadOnlyList<EpochReport> Epochs)> runs, Func<LossStatistics, double> value)
    {
        var plot = new Plot();
        foreach (var (name, epochs) in runs)
        {
            var color = plot.Add.GetNextColor();
            (int, double)[] validation = [.. epochs.Where(epoch => epoch.Validation is not null).Select(epoch => (epoch.Epoch, value(epoch.Validation!.Value)))];
            Curve(plot, $"{name} training", validation.Length > 0 ? color.WithOpacity(Faint) : color, [.. epochs.Select(epoch => (epoch.Epoch, value(epoch.Training)))]);
            if (validation.Length > 0) Curve(plot, $"{name} validation", color, validation);
        }

        plot.ShowLegend(what == Loss ? Alignment.UpperRight : Alignment.LowerRight);

        plot.Axes.Bottom.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic { IntegerTicksOnly = true };
        plot.XLabel("epoch");
        plot.Title(what);
        return plot;
    }

    private static void Curve(Plot plot, string name, Color color, (int Epoch, double Value)[] points)
    {
        var curve = plot.Add.Scatter(points.Select(point => (double)point.Epoch).ToArray(), points.Select(point => point.Value).ToArray(), color);
        (curve.LegendText, curve.LineWidth, curve.MarkerSize) = (name, 2, 5);
    }
}
