using System.Globalization;
using Spectre.Console;

namespace DistNet;

/// <summary>The figures of a bench, for readers.</summary>
internal static class BenchTables
{
    /// <summary>Writes the whole report.</summary>
    public static void Write(BenchReport report, Terminal terminal)
    {
        terminal.Output.WriteLine($"{report.Network}, mini-batches of {report.BatchSize}, {report.Processors} processors");
        terminal.Output.WriteLine(
            $"fused multiply-add peak: {One(report.PeakGflopsOneCore)} GFLOP/s on one core, {One(report.PeakGflopsAllCores)} on all");
        terminal.Rich.Write(Kernels(report));
        terminal.Rich.Write(Steps(report));
        terminal.Output.WriteLine("gather to update are each measured alone, on one thread; wait is not measured, but what they leave of the step");
        terminal.Rich.Write(Engines(report));
        terminal.Output.WriteLine($"peak memory of this bench: {Figures.Bytes(report.PeakMemoryBytes)}");
    }

    private static Table Kernels(BenchReport report)
    {
        var table = Titled("kernels, on one core", ["kernel", "shape"], ["GFLOP/s", "of peak"]);
        foreach (var kernel in report.Kernels)
            table.AddRow(kernel.Kernel, kernel.Shape, One(kernel.Gflops), One(100 * kernel.ShareOfPeak) + " %");
        return table;
    }

    private static Table Steps(BenchReport report)
    {
        var table = Titled("a step, microseconds", ["engine"], ["gather", "forward", "backward", "reduce", "update", "wait", "step"]);
        foreach (var step in report.Steps)
            table.AddRow(
                [step.Engine, .. ((double[])[step.Gather, step.Forward, step.Backward, step.Reduce, step.Update, step.Wait, step.Step]).Select(part => Figures.Whole(part))]);
        return table;
    }

    private static Table Engines(BenchReport report)
    {
        var table = Titled("training", ["engine"], ["examples/s", "against plain", "allocated per step"]);
        var plain = report.Engines[0].ExamplesPerSecond;
        foreach (var engine in report.Engines)
            table.AddRow(
                engine.Engine,
                Figures.Whole(engine.ExamplesPerSecond),
                $"{(engine.ExamplesPerSecond / plain).ToString("0.00", CultureInfo.InvariantCulture)} x",
                engine.AllocatedBytesPerStep is { } bytes ? Figures.Bytes(bytes) : "not measured");
        return table;
    }

    private static Table Titled(string title, string[] texts, string[] numbers)
    {
        var table = new Table().Border(TableBorder.Simple).Title(title);
        foreach (var text in texts) table.AddColumn(text);
        foreach (var number in numbers) table.AddColumn(number, column => column.RightAligned());
        return table;
    }

    private static string One(double value) => value.ToString("0.0", CultureInfo.InvariantCulture);
}
