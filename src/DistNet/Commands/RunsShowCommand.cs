using System.CommandLine;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet runs show`: what a run is, how its epochs went, and what came of it.</summary>
internal static class RunsShowCommand
{
    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var runs = new RunsOption();
        var run = new Argument<string>("RUN")
        {
            HelpName = "RUN",
            Description = "A run's id, the beginning of it, or latest",
            DefaultValueFactory = _ => RunFolder.Latest,
        };
        run.CompletionSources.Add(runs.Complete);
        var command = new ProgramCommand(
            "show",
            "Show what a run is and what came of it",
            "distnet runs show",
            "distnet runs show latest") { run, runs.Option };
        command.SetAction(parsed => Show(runs.Open(parsed, parsed.GetRequiredValue(run)), RunsOption.Repeat(runs.Directory(parsed)), terminal));
        return command;
    }

    private static void Show(RunFolder run, string runsOption, Terminal terminal)
    {
        var (result, history) = (run.ReadResult(), run.ReadHistory());
        terminal.Rich.Write(Description(run));
        if (history.Count > 0) terminal.Rich.Write(Epochs(history));
        if (result is not null) terminal.Rich.Write(Result(result));
        else terminal.Output.WriteLine($"Unfinished; go on with: distnet train --resume {run.Id}{runsOption}");
    }

    private static Grid Description(RunFolder run)
    {
        var (spec, data, engine) = (run.Description.Spec, run.Description.Data, run.Description.Engine);
        var grid = Facts();
        Fact(grid, "run", run.Id);
        Fact(grid, "begun", $"{run.Description.Created:yyyy-MM-dd HH:mm:ss} UTC");
        Fact(grid, "network", $"{NetworkText.Of(spec.Network)}, minimizes {KerasNames.Of(spec.Network.Loss)}");
        Fact(grid, "optimizer", $"{spec.Optimizer}, schedule {spec.Schedule}");
        Fact(grid, "steps", $"batch {spec.BatchSize} in micro-batches of {spec.MicroBatchSize}, {spec.Epochs} epochs, seed {spec.Seed}");
        Fact(grid, "data", $"{Figures.Whole(data.Count)} images, {data.Source}, content {data.ContentHash[..12]}");
        Fact(grid, "begun as", $"{engine.Engine}, {engine.Workers} workers, {engine.ParameterShards} parameter shards");
        Fact(grid, "folder", run.Path);
        return grid;
    }

    private static Table Epochs(IReadOnlyList<EpochReport> history)
    {
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])["epoch", "loss", "accuracy", "validation loss", "validation accuracy"])
            table.AddColumn(name, column => column.RightAligned());
        foreach (var epoch in history)
        {
            var validation = epoch.Validation is { } v ? (Figures.Loss(v.MeanLoss), Figures.Percent(v.Accuracy)) : ("", "");
            table.AddRow(
                $"{epoch.Epoch}",
                Figures.Loss(epoch.Training.MeanLoss),
                Figures.Percent(epoch.Training.Accuracy),
                validation.Item1,
                validation.Item2);
        }

        return table;
    }

    private static Grid Result(RunResult result)
    {
        var grid = Facts();
        Fact(grid, "test", $"accuracy {Figures.Percent(result.TestAccuracy ?? 0)}, loss {Figures.Loss(result.TestLoss ?? 0)}");
        Fact(
            grid,
            "speed",
            $"{Figures.Whole(result.ExamplesPerSecond)} examples/s, {Figures.Whole(result.Steps)} steps in {Figures.Duration(TimeSpan.FromSeconds(result.TrainSeconds))}");
        Fact(grid, "weights", result.WeightsSha256);
        Fact(grid, "model", result.Model ?? "");
        return grid;
    }

    private static Grid Facts() => new Grid().AddColumn(new GridColumn().NoWrap()).AddColumn();

    private static void Fact(Grid grid, string name, string value) => grid.AddRow(name, value.EscapeMarkup());
}
