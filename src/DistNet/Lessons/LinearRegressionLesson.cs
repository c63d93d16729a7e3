using System.CommandLine;
using System.Globalization;
using DistNet.Neural;
using MathNet.Numerics.LinearRegression;

namespace DistNet;

/// <summary>`distnet lesson linear-regression`: a line through the lecture's four points by gradient descent, part C.</summary>
internal static class LinearRegressionLesson
{
    private const int Steps = 200;
    private const float LearningRate = 0.1f;

    private static readonly double[] X = LessonTable.Column("line.csv", "x");
    private static readonly double[] T = LessonTable.Column("line.csv", "t");
    private static readonly double[] Asked = [55, 60];

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new ProgramCommand(
            "linear-regression",
            "A line y = W x + b through four points by gradient descent, beside the least-squares line",
            "distnet lesson linear-regression",
            "distnet lesson linear-regression --output pictures");
        var pictures = new LessonPictures();
        command.Add(pictures.Option);
        command.SetAction(parsed =>
        {
            var lines = Run(terminal.Output);
            pictures.Write(parsed, terminal.Output, ("line", () => DescentPictures.OfLine([.. X.Zip(T)], lines, LeastSquares())));
        });
        return command;
    }

    /// <returns>Step, W, b and E of each line told.</returns>
    private static IReadOnlyList<(long Step, double W, double B, double E)> Run(TextWriter output)
    {
        var (mean, deviation) = (Mean(X), Math.Sqrt(Mean([.. X.Select(x => (x - Mean(X)) * (x - Mean(X)))])));
        WriteTable(mean, deviation, output);
        float[] standardized = [.. X.Select(x => (float)((x - mean) / deviation))];
        var examples = new ArrayExampleSet(standardized, 1, [.. T.Select(t => (float)t)], 1);
        var points = Descent.Of(Activation.Linear, Loss.MeanSquaredError, examples, LearningRate, Steps);
        output.WriteLine("  step          W          b            E");
        foreach (var point in points)
        {
            var (w, b) = Original(point, mean, deviation);
            output.WriteLine(Text($"{point.Step,6}  {w,9:F5}  {b,9:F5}  {point.Loss,11:F5}"));
        }

        WritePredictions(Original(points[^1], mean, deviation), output);
        WriteCode(output);
        return [.. points.Select(point => (point.Step, Original(point, mean, deviation).W, Original(point, mean, deviation).B, point.Loss))];
    }

    private static (double W, double B) LeastSquares()
    {
        var (b, w) = SimpleRegression.Fit(X, T);
        return (w, b);
    }

    private static double Mean(double[] values) => values.Sum() / values.Length;

    /// <summary>y = w (x - mean) / deviation + b in terms of x itself.</summary>
    private static (double W, double B) Original(DescentPoint point, double mean, double deviation)
    {
        var w = point.Weights[0] / deviation;
        return (w, point.Bias - (w * mean));
    }

    private static void WriteTable(double mean, double deviation, TextWriter output)
    {
        output.WriteLine(Text($"x  {string.Join("  ", X.Select(x => $"{x,2}"))}    t  {string.Join("  ", T.Select(t => $"{t,2}"))}"));
        output.WriteLine("y = W x + b    E = 1/n sum (t - y)^2    W := W - a dE/dW    b := b - a dE/db");
        output.WriteLine(Text($"a = {LearningRate}, all {X.Length} points in each step; E is of the line before the step."));
        output.WriteLine(Text($"The steps are made for (x - {mean:F2}) / {deviation:F3}, which curves E alike in both directions:"));
        output.WriteLine("for x as it is, a could be 0.0027 at most, and it would take thousands. W and b are told for x.");
        output.WriteLine();
    }

    private static void WritePredictions((double W, double B) found, TextWriter output)
    {
        var (w, b) = LeastSquares();
        output.WriteLine();
        output.WriteLine("                      W           b    y(55)    y(60)");
        output.WriteLine(Line("descent", found.W, found.B));
        output.WriteLine(Line("least squares", w, b));
    }

    private static string Line(string name, double w, double b) =>
        Text($"{name,-13}  {w,8:F5}  {b,10:F5}  {(w * Asked[0]) + b,7:F3}  {(w * Asked[1]) + b,7:F3}");

    private static void WriteCode(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("In C#:");
        output.WriteLine("  var network = NetworkSpec.WithInputs(1).Dense(1).Minimize(Loss.MeanSquaredError);");
        output.WriteLine("  var points = new ArrayExampleSet(standardized, 1, t, 1);");
        output.WriteLine("  Trainer.Train(new TrainingJob { Spec = spec, Examples = points }, observer, TimeProvider.System, stop);");
    }

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
