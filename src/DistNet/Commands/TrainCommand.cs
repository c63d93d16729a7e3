using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet train`: begins a run, or goes on with one.</summary>
internal sealed class TrainCommand
{
    private readonly TrainingDataOptions _data = new();
    private readonly SpecOptions _spec = new();
    private readonly EngineOptions _engine = new();
    private readonly RunsOption _runs = new();
    private readonly Option<string?> _resume =
        CommandOptions.OptionalText("--resume", "RUN", "Go on with a run: its id, the beginning of it, or latest");
    private readonly Option<bool> _json =
        CommandOptions.Switch("--json", "Print the result as one line of JSON on standard output, all else on standard error");

    private TrainCommand() => _resume.CompletionSources.Add(_runs.Complete);

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var train = new TrainCommand();
        var command = new ProgramCommand(
            "train",
            "Train a network on a folder of images or a table; without options, the lecture's network on MNIST",
            "distnet train",
            "distnet train --hidden 256,128 --optimizer adam --schedule cosine --validation 0.1 --early-stopping 2",
            "distnet train --data houses.csv --target price",
            "distnet train --plain --epochs 1 --json",
            "distnet train --resume latest");
        command.Add(
        [
            ..train._data.All, .. train._spec.All, .. train._engine.All,
            train._runs.Option, train._resume, train._spec.File, train._json,
        ]);
        command.SetAction(parsed => new TrainSession(train.Request(parsed), terminal, TimeProvider.System).RunAsync());
        return command;
    }

    private TrainRequest Request(ParseResult parsed)
    {
        var resumed = Resumed(parsed);
        return new TrainRequest
        {
            Data = resumed is null ? _data.Read(parsed) : _data.ReadFor(parsed, resumed.Description.Data),
            RunsDirectory = _runs.Directory(parsed),
            Resumed = resumed,
            SpecFor = resumed is null ? NewSpec(parsed) : data => SpecOf(resumed, data),
            Engine = _engine.Read(parsed, resumed),
            ChaosSeed = _engine.ChaosSeed(parsed),
            Json = parsed.GetValue(_json),
        };
    }

    private RunFolder? Resumed(ParseResult parsed)
    {
        if (parsed.GetValue(_resume) is not { } name) return null;
        var run = _runs.Open(parsed, name);
        TrainRequest.RequireUnfinished(run);
        _spec.RefuseBeside(parsed, run.Id);
        return run;
    }

    private static TrainingSpec SpecOf(RunFolder run, LoadedData data) =>
        run.Description.Data.ContentHash == data.Training.ContentHash
            ? run.Description.Spec
            : throw new InvalidDataException(
                $"run {run.Id} was begun with other {data.Unit} (content {run.Description.Data.ContentHash}, found {data.Training.ContentHash}); "
                + "name where they are with --data");

    private Func<LoadedData, TrainingSpec> NewSpec(ParseResult parsed)
    {
        var spec = _spec.Read(parsed);
        return data => spec(UsualSpec.For(data), data.Training.Count);
    }
}
