using DistNet.Neural;
using DistNet.Protocol;
using Spectre.Console;

namespace DistNet;

/// <summary>An audit as a short table and sentences.</summary>
internal static class AuditTables
{
    /// <summary>Writes what was found.</summary>
    /// <param name="report">The audit.</param>
    /// <param name="isProved">Whether nothing is wrong, here or in the files beside the ledger.</param>
    /// <param name="terminal">Where to.</param>
    public static void Write(AuditReport report, bool isProved, Terminal terminal)
    {
        if (report.Epochs.Count > 0) terminal.Rich.Write(Epochs(report.Epochs));
        terminal.Output.WriteLine(
            $"{Count(report.Steps, "step")} by {Count(report.Workers.Count, "worker")} in {Count(report.Generations, "generation")}, "
            + $"{Count(report.RollBacks, "roll-back")}; {Figures.Whole(report.SupersededRecords)} step records superseded; "
            + $"refused {Figures.Whole(report.Duplicates)} duplicate and {Figures.Whole(report.Stale)} stale sums");
        if (report.Helped > 0)
            terminal.Output.WriteLine($"{Count(report.Helped, "micro-batch", "micro-batches")} of slow workers computed by others, counted by shard");
        terminal.Output.WriteLine(End(report));
        if (isProved) terminal.Output.WriteLine("Every example of every epoch was counted exactly once, as far as the run came.");
    }

    private static Table Epochs(IReadOnlyList<EpochAudit> epochs)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])["epoch", "steps", "examples counted once"])
            table.AddColumn(name, column => column.RightAligned());
        foreach (var epoch in epochs)
            table.AddRow($"{epoch.Epoch}", Figures.Whole(epoch.Steps), Figures.Whole(epoch.Examples) + (epoch.IsComplete ? "" : " so far"));
        return table;
    }

    private static string End(AuditReport report) => report.End switch
    {
        RunEnded { End: TrainingEnd.Completed } ended => $"complete, weights SHA-256 {ended.WeightsSha256}",
        RunEnded { End: TrainingEnd.StoppedEarly } ended => $"stopped early, weights SHA-256 {ended.WeightsSha256}",
        RunEnded => $"interrupted after step {report.Steps}",
        RunFailed failed => $"failed: {failed.Reason}",
        _ => $"under way, or cut off, after step {report.Steps}",
    };

    /// <summary>"1 step", "2 steps".</summary>
    public static string Count(long count, string noun) => Count(count, noun, noun + "s");

    private static string Count(long count, string one, string many) => $"{Figures.Whole(count)} {(count == 1 ? one : many)}";
}
