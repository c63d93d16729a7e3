using System.CommandLine;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet runs list`: a line for each run, oldest first.</summary>
internal static class RunsListCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var runs = new RunsOption();
        var command = new ProgramCommand("list", "List the runs, oldest first", "distnet runs list") { runs.Option };
        command.SetAction(parsed => List(runs.Directory(parsed), terminal));
        return command;
    }

    private static void List(string directory, Terminal terminal)
    {
        var runs = RunFolder.List(directory);
        if (runs.Count == 0)
        {
            terminal.Output.WriteLine($"There are no runs in {directory} yet; begin one with 'distnet train'.");
            return;
        }

        terminal.Rich.Write(Table(runs));
        foreach (var damaged in runs.Where(run => run.Damage is not null)) terminal.Error.WriteLine($"{damaged.Id}: {damaged.Damage}");
    }

    private static Table Table(IReadOnlyList<RunSummary> runs)
    {
        var table = new Table().Border(TableBorder.Simple).AddColumn(new TableColumn("run").NoWrap()).AddColumn("network").AddColumn("engine");
        foreach (var name in (string[])["epochs", "test", "weights"]) table.AddColumn(new TableColumn(name).RightAligned().NoWrap());
        foreach (var run in runs) table.AddRow(Row(run));
        return table;
    }

    private static string[] Row(RunSummary run) =>
    [
        run.Id.EscapeMarkup(),
        run.Description is { } description ? NetworkText.Of(description.Spec.Network) : "",
        run.Description?.Engine.Engine ?? "",
        run.Result is { } result ? $"{result.Epochs}" : "",
        Outcome(run),
        run.Result?.WeightsSha256[..8] ?? "",
    ];

    private static string Outcome(RunSummary run) => run switch
    {
        { Damage: not null } => "[red]damaged[/]",
        { Result: null } => "[yellow]unfinished[/]",
        { Result.TestAccuracy: { } accuracy } => Figures.Percent(accuracy),
        { Result.TestLoss: { } loss } => $"loss {Figures.Loss(loss)}",
        _ => "",
    };
}
