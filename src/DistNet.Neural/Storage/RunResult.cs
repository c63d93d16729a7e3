namespace DistNet.Neural;

/// <summary>How a run ended, in numbers: the content of its <c>result.json</c>, and of the one line that scripts read.</summary>
public sealed record RunResult
{
    /// <summary>The run's id.</summary>
    public required string Run { get; init; }

    /// <summary>"actors" or "plain".</summary>
    public required string Engine { get; init; }

    /// <summary>Worker actors.</summary>
    public required int Workers { get; init; }

    /// <summary>Ranges that the parameter vector was cut into.</summary>
    public required int ParameterShards { get; init; }

    /// <summary>Nodes that took part.</summary>
    public required int Nodes { get; init; }

    /// <summary>Complete epochs, earlier sessions included.</summary>
    public required int Epochs { get; init; }

    /// <summary>Steps made, earlier sessions included.</summary>
    public required long Steps { get; init; }

    /// <summary>Examples counted, earlier sessions included.</summary>
    public required long Examples { get; init; }

    /// <summary>Time spent on steps, in seconds; loading and evaluation not included.</summary>
    public required double TrainSeconds { get; init; }

    /// <summary>Examples per second of <see cref="TrainSeconds"/>.</summary>
    public required double ExamplesPerSecond { get; init; }

    /// <summary>Mean training loss of the last complete epoch, or null if none is complete.</summary>
    public required double? TrainLoss { get; init; }

    /// <summary>Mean loss over the test set, or null if it was not evaluated.</summary>
    public required double? TestLoss { get; init; }

    /// <summary>Share of test examples answered correctly, or null if it was not evaluated.</summary>
    public required double? TestAccuracy { get; init; }

    /// <summary><see cref="WeightsHash"/> of the final parameters.</summary>
    public required string WeightsSha256 { get; init; }

    /// <summary>Path of the model file, or null if none was written.</summary>
    public required string? Model { get; init; }

    /// <summary>The result as one line of JSON.</summary>
    public string ToJson() => TrainingJson.Text(writer =>
    {
        writer.WriteStartObject();
        writer.WriteString("run", Run);
        writer.WriteString("engine", Engine);
        writer.WriteNumber("workers", Workers);
        writer.WriteNumber("parameterShards", ParameterShards);
        writer.WriteNumber("nodes", Nodes);
        writer.WriteNumber("epochs", Epochs);
        writer.WriteNumber("steps", Steps);
        writer.WriteNumber("examples", Examples);
        TrainingJson.WriteNumber(writer, "trainSeconds", TrainSeconds);
        TrainingJson.WriteNumber(writer, "examplesPerSecond", ExamplesPerSecond);
        TrainingJson.WriteNumber(writer, "trainLoss", TrainLoss);
        TrainingJson.WriteNumber(writer, "testLoss", TestLoss);
        TrainingJson.WriteNumber(writer, "testAccuracy", TestAccuracy);
        writer.WriteString("weightsSha256", WeightsSha256);
        writer.WriteString("model", Model);
        writer.WriteEndObject();
    });

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <param name="path">Where it is from, named in errors.</param>
    /// <param name="json">The text.</param>
    /// <exception cref="InvalidDataException">It is no such text.</exception>
    public static RunResult Parse(string path, string json) => JsonFields.Parse(path, json, fields => new RunResult
    {
        Run = fields.String("run"),
        Engine = fields.String("engine"),
        Workers = fields.Int32("workers"),
        ParameterShards = fields.Int32("parameterShards"),
        Nodes = fields.Int32("nodes"),
        Epochs = fields.Int32("epochs"),
        Steps = fields.Integer("steps"),
        Examples = fields.Integer("examples"),
        TrainSeconds = fields.Number("trainSeconds"),
        ExamplesPerSecond = fields.Number("examplesPerSecond"),
        TrainLoss = fields.Has("trainLoss") ? fields.Number("trainLoss") : null,
        TestLoss = fields.Has("testLoss") ? fields.Number("testLoss") : null,
        TestAccuracy = fields.Has("testAccuracy") ? fields.Number("testAccuracy") : null,
        WeightsSha256 = fields.String("weightsSha256"),
        Model = fields.Has("model") ? fields.String("model") : null,
    });
}
