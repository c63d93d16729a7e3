using DistNet.Neural.Kernels;
using ScottPlot;

namespace DistNet;

/// <summary>Pictures of gradient descent: a line, a sigmoid and a boundary on their way to the points.</summary>
internal static class DescentPictures
{
    private const int Width = 1040;
    private const int Height = 420;

    /// <summary>The line after each of the steps told, the later the stronger, and the loss.</summary>
    /// <param name="points">The table.</param>
    /// <param name="lines">Steps made, W, b and E.</param>
    /// <param name="leastSquares">The line of least squares.</param>
    public static Picture OfLine(
        IReadOnlyList<(double X, double T)> points, IReadOnlyList<(long Step, double W, double B, double E)> lines, (double W, double B) leastSquares)
    {
        var (from, to) = (0.0, 62.0); // to the values that are asked for
        var chart = Charts.Titled("the line moves onto the points", "x", "t");
        for (var i = 0; i < lines.Count; i++)
        {
            var (step, w, b, _) = lines[i];
            chart.AddCurve(
                i == 0 || i == lines.Count - 1 ? $"step {step}" : "", Colors.SteelBlue.WithOpacity((i + 1.0) / lines.Count), Ends(w, b));
        }

        chart.AddCurve("least squares", Colors.FireBrick, Ends(leastSquares.W, leastSquares.B), width: 1);
        chart.AddPoints("table", Colors.Black, points);
        chart.ShowLegend(Alignment.LowerRight);
        return Charts.Beside(Width, Height, chart, Loss(lines.Select(line => (line.Step, line.E))));

        (double X, double Y)[] Ends(double w, double b) => [(from, (w * from) + b), (to, (w * to) + b)];
    }

    /// <summary>The sigmoid of one input after each of the steps told, and the loss.</summary>
    public static Picture OfSigmoid(IReadOnlyList<(double X, double T)> points, IReadOnlyList<DescentPoint> descent)
    {
        var chart = Charts.Titled("the sigmoid and its boundary", "x", "y");
        double[] across = [.. Enumerable.Range(0, 111).Select(i => 0.05 * i)];
        for (var i = 0; i < descent.Count; i++)
        {
            var (w, b) = (descent[i].Weights[0], descent[i].Bias);
            chart.AddCurve(
                i == 0 || i == descent.Count - 1 ? $"step {descent[i].Step}" : "",
                Colors.SteelBlue.WithOpacity((i + 1.0) / descent.Count),
                across.Select(x => (x, ElementaryFunctions.Sigmoid((w * x) + b))));
        }

        var boundary = chart.Add.VerticalLine(-descent[^1].Bias / descent[^1].Weights[0], 1, Colors.FireBrick);
        boundary.LegendText = "y = 1/2";
        chart.AddPoints("points", Colors.Black, points);
        chart.ShowLegend(Alignment.LowerRight);
        return Charts.Beside(Width, Height, chart, Loss(descent.Select(point => (point.Step, point.Loss))));
    }

    /// <summary>The decision line of two inputs after each of the steps told, and the loss.</summary>
    public static Picture OfBoundary(IReadOnlyList<(double X, double Y, bool IsOne)> points, IReadOnlyList<DescentPoint> descent)
    {
        var chart = Charts.Titled("the decision line", "x1", "x2");
        for (var i = 0; i < descent.Count; i++)
        {
            var (w1, w2, b) = (descent[i].Weights[0], descent[i].Weights[1], descent[i].Bias);
            chart.AddCurve(
                i == 0 || i == descent.Count - 1 ? $"step {descent[i].Step}" : "",
                Colors.SteelBlue.WithOpacity((i + 1.0) / descent.Count),
                [(-1.0, (w1 - b) / w2), (6.0, ((-6 * w1) - b) / w2)]);
        }

        chart.AddPoints("1", Colors.ForestGreen, points.Where(point => point.IsOne).Select(point => (point.X, point.Y)));
        chart.AddPoints("0", Colors.FireBrick, points.Where(point => !point.IsOne).Select(point => (point.X, point.Y)));
        chart.Axes.SetLimits(0, 5, 0, 5);
        chart.ShowLegend(Alignment.UpperRight);
        return Charts.Beside(Width, Height, chart, Loss(descent.Select(point => (point.Step, point.Loss))));
    }

    private static Plot Loss(IEnumerable<(long Step, double E)> losses)
    {
        (long Step, double E)[] all = [.. losses];
        var spansPowers = all.Max(loss => loss.E) > 100 * all.Min(loss => loss.E);
        var chart = Charts.Titled("the loss falls", "step", "E");
        chart.AddCurve("", Colors.SteelBlue, all.Select(loss => (Math.Log10(loss.Step), spansPowers ? Math.Log10(loss.E) : loss.E)), marker: 6);
        chart.Axes.Bottom.LabelPowers();
        if (spansPowers) chart.Axes.Left.LabelPowers();
        return chart;
    }
}
