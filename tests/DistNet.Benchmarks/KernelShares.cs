using System.Diagnostics;
using System.Globalization;
using DistNet.Neural.Kernels;

namespace DistNet.Benchmarks;

/// <summary>How much of the processor's arithmetic limit each kernel reaches on one core.</summary>
/// <remarks>
/// The limit and the kernels are measured in turn, so that a noisy machine disturbs all alike. A figure is the median over the
/// rounds of the best slice in a round; "highest" is the best slice of all.
/// </remarks>
internal static class KernelShares
{
    private const int Rounds = 15;
    private const int SlicesInRound = 12;
    private static readonly TimeSpan Slice = TimeSpan.FromMilliseconds(1);

    /// <summary>Measures and prints a line for each shape and kernel.</summary>
    public static void Run(TextWriter output)
    {
        foreach (var (rows, inner, columns) in new[] { (64, 784, 512), (16, 784, 512), (64, 512, 10), (64, 2048, 2048), (256, 2048, 2048) })
            Run(new KernelWork(rows, inner, columns), output);
    }

    private static void Run(KernelWork work, TextWriter output)
    {
        (string Name, Func<double> Measure)[] sides =
        [
            ("peak", () => ProcessorPeak.Measure(1, Slice * SlicesInRound, TimeProvider.System)),
            ("Multiply", () => BestSlice(work.Multiply, work.Operations)),
            ("GradientSum", () => BestSlice(work.GradientSum, work.Operations)),
            ("MultiplyTransposed", () => BestSlice(work.MultiplyTransposed, work.Operations)),
        ];
        var results = sides.Select(_ => new List<double>()).ToArray();
        for (var round = 0; round < Rounds; round++)
        {
            for (var side = 0; side < sides.Length; side++)
                results[side].Add(sides[side].Measure());
        }
        var peak = Median(results[0]);
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{work}: peak {peak / 1e9:F1} GFLOP/s"));
        foreach (var (side, speeds) in sides.Zip(results).Skip(1))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"  {side.Name,-18} {Median(speeds) / 1e9,6:F1} GFLOP/s, {Median(speeds) / peak,6:P1}; highest {speeds.Max() / peak,6:P1}"));
        }
    }

    private static double BestSlice(Action action, double operations)
    {
        var calls = Math.Max(1, (int)(Slice.TotalSeconds * 1e11 / operations));
        var best = 0.0;
        for (var slice = 0; slice < SlicesInRound; slice++)
        {
            var start = Stopwatch.GetTimestamp();
            for (var call = 0; call < calls; call++)
                action();
            best = Math.Max(best, calls * operations / Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return best;
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);
}
