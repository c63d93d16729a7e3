using System.CommandLine;
using System.Globalization;
using DistNet.Neural;
using DistNet.Neural.Kernels;

namespace DistNet;

/// <summary>`distnet lesson logistic-regression`: up or down, from one input and from two, part D.</summary>
internal static class LogisticRegressionLesson
{
    private const int Steps = 10_000;
    private const float LearningRate = 0.5f;

    // Hours of study, and whether the examination was passed; two marks, and whether the course was.
    private static readonly float[] Hours = Column("hours.csv", "hours");
    private static readonly float[] Passed = Column("hours.csv", "passed");
    private static readonly float[] Marks =
        [.. Column("marks.csv", "mark1").Zip(Column("marks.csv", "mark2")).SelectMany(marks => (float[])[marks.First, marks.Second])];
    private static readonly float[] Succeeded = Column("marks.csv", "succeeded");

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var command = new ProgramCommand(
            "logistic-regression",
            "Up or down by y = 1 / (1 + exp(-(W x + b))), from one input and from two",
            "distnet lesson logistic-regression",
            "distnet lesson logistic-regression --output pictures");
        var pictures = new LessonPictures();
        command.Add(pictures.Option);
        command.SetAction(parsed =>
        {
            var (one, two) = Run(terminal.Output);
            pictures.Write(
                parsed,
                terminal.Output,
                ("sigmoid", () => DescentPictures.OfSigmoid([.. Hours.Zip(Passed).Select(point => ((double)point.First, (double)point.Second))], one)),
                ("boundary", () => DescentPictures.OfBoundary(
                    [.. Succeeded.Select((success, i) => ((double)Marks[2 * i], (double)Marks[(2 * i) + 1], success > 0))], two)));
        });
        return command;
    }

    private static (IReadOnlyList<DescentPoint> One, IReadOnlyList<DescentPoint> Two) Run(TextWriter output)
    {
        output.WriteLine("y = 1 / (1 + exp(-(W x + b)))    E = -1/n sum (t log y + (1 - t) log(1 - y))");
        output.WriteLine(Text($"W := W - a dE/dW    b := b - a dE/db    a = {LearningRate}, all points in each step"));
        var (one, two) = (WriteOneInput(output), WriteTwoInputs(output));
        output.WriteLine();
        output.WriteLine("In C#, with the points in an ArrayExampleSet:");
        output.WriteLine("  var network = NetworkSpec.WithInputs(2).Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy);");
        output.WriteLine("  Trainer.Train(new TrainingJob { Spec = spec, Examples = points }, observer, TimeProvider.System, stop);");
        return (one, two);
    }

    private static IReadOnlyList<DescentPoint> WriteOneInput(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("One input: hours of study x; passed is 1");
        var points = Fit(Hours, 1, Passed);
        WriteDescent(["W"], points, output);
        var (w, b) = (points[^1].Weights[0], points[^1].Bias);
        output.WriteLine();
        output.WriteLine("    x  t        y");
        for (var i = 0; i < Hours.Length; i++)
        {
            var y = ElementaryFunctions.Sigmoid((double)((w * Hours[i]) + b));
            output.WriteLine(Text($"{Hours[i],5:F1}  {Passed[i]}  {y,7:F4}  {new string('.', (int)Math.Round(40 * y))}*"));
        }

        output.WriteLine(Text($"y = 1/2 at x = -b / W = {-b / w:F3}: above it the answer is 1"));
        return points;
    }

    private static IReadOnlyList<DescentPoint> WriteTwoInputs(TextWriter output)
    {
        output.WriteLine();
        output.WriteLine("Two inputs: marks x1, x2; 1 for success");
        var points = Fit(Marks, 2, Succeeded);
        WriteDescent(["W1", "W2"], points, output);
        var (w1, w2, b) = (points[^1].Weights[0], points[^1].Weights[1], points[^1].Bias);
        output.WriteLine();
        output.WriteLine(Text($"y = 1/2 on the line x2 = {-b / w2:F3} - {w1 / w2:F3} x1. Where the answer is 1 there is a +; points are 0 or 1:"));
        WriteMap(w1, w2, b, output);
        return points;
    }

    private static void WriteDescent(string[] weights, IReadOnlyList<DescentPoint> points, TextWriter output)
    {
        output.WriteLine($"     step{string.Concat(weights.Select(name => $"  {name,10}"))}           b            E");
        foreach (var point in points)
        {
            var numbers = string.Concat(point.Weights.Select(weight => Text($"  {weight,10:F5}")));
            output.WriteLine(Text($"{point.Step,9:N0}{numbers}  {point.Bias,10:F5}  {point.Loss,11:F5}"));
        }
    }

    // Marks from 0 to 5, half of one to a character across and down.
    private static void WriteMap(float w1, float w2, float b, TextWriter output)
    {
        for (var x2 = 5f; x2 >= 0; x2 -= 0.5f)
        {
            output.Write(Text($"  {x2,4:F1} "));
            for (var x1 = 0f; x1 <= 5; x1 += 0.25f)
                output.Write(PointAt(x1, x2) ?? ((w1 * x1) + (w2 * x2) + b > 0 ? '+' : '.'));
            output.WriteLine();
        }

        output.WriteLine("       0   1   2   3   4   5  x1");
    }

    private static char? PointAt(float x1, float x2)
    {
        for (var i = 0; i < Succeeded.Length; i++)
        {
            if ((Marks[2 * i], Marks[(2 * i) + 1]) == (x1, x2)) return Succeeded[i] > 0 ? '1' : '0';
        }

        return null;
    }

    private static IReadOnlyList<DescentPoint> Fit(float[] inputs, int inputSize, float[] targets) =>
        Descent.Of(Activation.Sigmoid, Loss.BinaryCrossentropy, new ArrayExampleSet(inputs, inputSize, targets, 1), LearningRate, Steps);

    private static float[] Column(string file, string column) => [.. LessonTable.Column(file, column).Select(number => (float)number)];

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
