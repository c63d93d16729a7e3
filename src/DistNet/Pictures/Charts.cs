using ScottPlot;

namespace DistNet;

/// <summary>Charts as pictures.</summary>
internal static class Charts
{
    /// <summary>An empty chart with words at its axes.</summary>
    public static Plot Titled(string title, string horizontal, string vertical)
    {
        PictureFont.UseInCharts();
        var plot = new Plot();
        plot.Title(title);
        plot.XLabel(horizontal);
        plot.YLabel(vertical);
        return plot;
    }

    /// <summary>Charts side by side.</summary>
    public static Picture Beside(int width, int height, params Plot[] plots)
    {
        var charts = new Multiplot { Layout = new ScottPlot.MultiplotLayouts.Columns() };
        charts.Reset(plots[0]);
        foreach (var plot in plots.Skip(1)) charts.AddPlot(plot);
        return new Picture(width, height, canvas => charts.Render(canvas, new PixelRect(0, width, height, 0)));
    }

    /// <summary>Points joined by a line.</summary>
    public static void AddCurve(this Plot plot, string name, Color color, IEnumerable<(double X, double Y)> points, float width = 2, float marker = 0)
    {
        (double X, double Y)[] all = [.. points];
        var curve = plot.Add.Scatter(all.Select(point => point.X).ToArray(), all.Select(point => point.Y).ToArray(), color);
        (curve.LegendText, curve.LineWidth, curve.MarkerSize) = (name, width, marker);
    }

    /// <summary>Points alone.</summary>
    public static void AddPoints(this Plot plot, string name, Color color, IEnumerable<(double X, double Y)> points)
    {
        (double X, double Y)[] all = [.. points];
        var marks = plot.Add.ScatterPoints(all.Select(point => point.X).ToArray(), all.Select(point => point.Y).ToArray(), color);
        (marks.LegendText, marks.MarkerSize) = (name, 9);
    }

    /// <summary>Labels axes that hold logarithms to base 10 with the numbers themselves.</summary>
    public static void LabelPowers(this IAxis axis) => axis.TickGenerator = new ScottPlot.TickGenerators.NumericAutomatic
    {
        LabelFormatter = power => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"1e{power:0}"),
        IntegerTicksOnly = true,
    };
}
