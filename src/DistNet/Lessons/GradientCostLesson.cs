using System.CommandLine;
using System.Globalization;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet lesson gradient-cost`: numerical differentiation against back-propagation, the lecture's part E.</summary>
internal static class GradientCostLesson
{
    private const double H = 1e-4; // of the central difference: its error is of order h^2, and that of rounding of order 1e-16 / h

    /// <summary>Growing networks, the last a small one for MNIST, whose numerical gradient takes seconds.</summary>
    private static readonly int[][] Networks = [[4, 3, 2], [10, 8, 4], [25, 16, 10], [64, 32, 10], [196, 60, 10], [784, 100, 10]];

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new ProgramCommand(
            "gradient-cost",
            "What a gradient costs numerically, two forward passes for each parameter, and by back-propagation",
            "distnet lesson gradient-cost",
            "distnet lesson gradient-cost --output pictures");
        var pictures = new LessonPictures();
        command.Add(pictures.Option);
        command.SetAction(parsed =>
        {
            var costs = Run(terminal);
            pictures.Write(parsed, terminal.Output, ("cost", () => Draw(costs)));
        });
        return command;
    }

    private static List<GradientCost> Run(Terminal terminal)
    {
        var costs = new List<GradientCost>();
        var table = new Table().Border(TableBorder.Simple).AddColumn("network");
        foreach (var column in (string[])["parameters", "passes", "numeric ms", "back ms", "ratio", "max diff"])
            table.AddColumn(column, set => set.RightAligned());
        GradientCost.Measure(Networks[0], H, TimeProvider.System); // has the code compiled
        foreach (var sizes in Networks)
        {
            var cost = GradientCost.Measure(sizes, H, TimeProvider.System);
            costs.Add(cost);
            table.AddRow(
                string.Join("-", sizes), Figures.Whole(cost.Parameters), Figures.Whole(2L * cost.Parameters), Text($"{cost.Numerical.TotalMilliseconds:N1}"),
                Text($"{cost.BackPropagation.TotalMilliseconds:N3}"), Text($"{cost.Ratio:N0}"), Text($"{cost.LargestDifference:0.0e-0}"));
        }

        terminal.Rich.Write(table);
        terminal.Output.WriteLine(
            """
            Numerical derivatives take two forward passes for each parameter. A pass costs as
            many products as there are weights, so their cost grows with the square of the
            network's size. Back-propagation costs one pass forward and about two backward,
            whatever the size. Both gradients are of one example; max diff is how much
            they differ at most.

            In C#, of a Backpropagation<double>:
              pass.Forward(parameters, 1); pass.GradientSum(parameters, 0, 1, gradient);
            and numerically, for each i, once with + h and once with - h:
              parameters[i] += h; pass.Forward(parameters, 1);
              var above = pass.Measure(0, 1).LossSum;
            """);
        return costs;
    }

    private static Picture Draw(IReadOnlyList<GradientCost> costs)
    {
        var chart = Charts.Titled("what one gradient costs", "parameters", "milliseconds");
        chart.AddCurve("numerically", ScottPlot.Colors.FireBrick, costs.Select(cost => Point(cost, cost.Numerical)), marker: 7);
        chart.AddCurve("by back-propagation", ScottPlot.Colors.SteelBlue, costs.Select(cost => Point(cost, cost.BackPropagation)), marker: 7);
        chart.Axes.Bottom.LabelPowers();
        chart.Axes.Left.LabelPowers();
        chart.ShowLegend(ScottPlot.Alignment.UpperLeft);
        return Charts.Beside(640, 440, chart);
    }

    private static (double X, double Y) Point(GradientCost cost, TimeSpan time) => (Math.Log10(cost.Parameters), Math.Log10(time.TotalMilliseconds));

    private static string Text(FormattableString cell) => cell.ToString(CultureInfo.InvariantCulture);
}
