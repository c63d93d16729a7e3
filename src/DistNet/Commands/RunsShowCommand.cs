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
        command.SetAction(parsed => Show(runs.Open(parsed, parsed.GetRequiredValue(run)), terminal));
        return command;
    }

    private static void Show(RunFolder run, Terminal terminal)
    {
        var (result, history) = (run.ReadResult(), run.ReadHistory());
        terminal.Rich.Write(Description(run));
        if (history.Count > 0) terminal.Rich.Write(Epochs(history, hasClasses: Answers.ClassCount(run.Description.Spec.Network) > 0));
        if (result is not null) terminal.Rich.Write(Result(result));
        else terminal.Output.WriteLine($"Unfinished; go on with: distnet train --resume {run.Id}{RunsOption.Repeat(run)}");
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
        Fact(grid, "data", $"{Figures.Whole(data.Count)} {LoadedData.UnitOf(data.Table)}, {data.Source}, content {data.ContentHash[..12]}");
        Fact(grid, "begun as", $"{engine.Engine}, {engine.Workers} workers, {engine.ParameterShards} parameter shards");
        Fact(grid, "folder", run.Path);
        return grid;
    }

    private static Table Epochs(IReadOnlyList<EpochReport> history, bool hasClasses)
    {
        var table = new Table().Border(TableBorder.Simple);
        string[] names = hasClasses ? ["epoch", "loss", "accuracy", "validation loss", "validation accuracy"] : ["epoch", "loss", "validation loss"];
        foreach (var name in names) table.AddColumn(name, column => column.RightAligned());
        foreach (var epoch in history) table.AddRow([$"{epoch.Epoch}", .. Figured(epoch.Training, hasClasses), .. Figured(epoch.Validation, hasClasses)]);
        return table;
    }

    private static string[] Figured(LossStatistics? statistics, bool hasClasses) => (statistics, hasClasses) switch
    {
        (null, true) => ["", ""],
        (null, false) => [""],
        ({ } known, true) => [Figures.Loss(known.MeanLoss), Figures.Percent(known.Accuracy)],
        ({ } known, false) => [Figures.Loss(known.MeanLoss)],
    };

    private static Grid Result(RunResult result)
    {
        var grid = Facts();
        if (ResultText.Of(result.TestAccuracy, result.TestLoss) is { } test) Fact(grid, "tested", test);
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
