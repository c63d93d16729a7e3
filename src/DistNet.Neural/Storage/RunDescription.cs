using System.Globalization;

namespace DistNet.Neural;

/// <summary>What a run is: the content of its <c>run.json</c>, written once, when the run begins.</summary>
public sealed record RunDescription
{
    private const int FormatVersion = 1;

    /// <summary>When the run began, UTC.</summary>
    public required DateTimeOffset Created { get; init; }

    /// <summary>The run specification.</summary>
    public required TrainingSpec Spec { get; init; }

    /// <summary>The training data.</summary>
    public required DataDescription Data { get; init; }

    /// <summary>How it was carried out at first; a resumed run may go on with other settings.</summary>
    public required EngineSettings Engine { get; init; }

    internal string ToJson() => TrainingJson.Text(
        writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber("formatVersion", FormatVersion);
            writer.WriteString("created", Created.ToUniversalTime().ToString("O", CultureInfo.InvariantCulture));
            writer.WriteString("engine", Engine.Engine);
            writer.WriteNumber("workers", Engine.Workers);
            writer.WriteNumber("parameterShards", Engine.ParameterShards);
            writer.WriteNumber("checkpointEvery", Engine.CheckpointEvery);
            writer.WritePropertyName("data");
            Data.Write(writer);
            writer.WritePropertyName("spec");
            TrainingJson.Write(writer, Spec);
            writer.WriteEndObject();
        },
        indented: true);

    internal static RunDescription Parse(string path, string json) => JsonFields.Parse(path, json, fields =>
    {
        if (fields.Integer("formatVersion") is var version and not FormatVersion)
            throw FileDamage.Whole(path, $"format version {FormatVersion}", $"{version}", "read it with the version of DistNet that wrote it");
        return new RunDescription
        {
            Created = ReadTime(fields),
            Spec = TrainingSpecJson.Read(fields.Text("spec"), path),
            Data = DataDescription.Read(fields.Object("data")),
            Engine = new EngineSettings(
                fields.String("engine"), fields.Int32("workers"), fields.Int32("parameterShards"), fields.Int32("checkpointEvery")),
        };
    });

    private static DateTimeOffset ReadTime(JsonFields fields) =>
        DateTimeOffset.TryParseExact(fields.String("created"), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var time)
            ? time
            : throw fields.Wrong("a time such as 2026-11-24T02:55:12.0000000+00:00 as 'created'", $"'{fields.String("created")}'");
}
