using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>The JSON of training reports. Doubles are written so that reading gives back every bit.</summary>
internal static class TrainingJson
{
    /// <summary>Builds a text that is one JSON value.</summary>
    public static string Text(Action<Utf8JsonWriter> write, bool indented = false)
    {
        var options = new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, Indented = indented, NewLine = "\n" };
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, options))
            write(writer);
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    /// <summary>The specification as an object within other JSON, in that JSON's layout.</summary>
    public static void Write(Utf8JsonWriter writer, TrainingSpec spec)
    {
        using var document = JsonDocument.Parse(TrainingSpecJson.Write(spec));
        document.RootElement.WriteTo(writer);
    }

    /// <summary>{"lossSum": ..., "correct": ..., "examples": ...}</summary>
    public static void Write(Utf8JsonWriter writer, LossStatistics statistics)
    {
        writer.WriteStartObject();
        WriteNumber(writer, "lossSum", statistics.LossSum);
        writer.WriteNumber("correct", statistics.Correct);
        writer.WriteNumber("examples", statistics.Examples);
        writer.WriteEndObject();
    }

    /// <summary>What <see cref="Write(Utf8JsonWriter, LossStatistics)"/> wrote, every bit of it.</summary>
    /// <exception cref="InvalidDataException">A field is missing or ill-typed.</exception>
    public static LossStatistics ReadStatistics(JsonFields fields) =>
        new(fields.Number("lossSum"), fields.Integer("correct"), fields.Integer("examples"));

    /// <summary>{"epoch": 1, "training": {...}, "validation": {...}}, the last only if there was validation.</summary>
    public static void Write(Utf8JsonWriter writer, EpochReport report)
    {
        writer.WriteStartObject();
        writer.WriteNumber("epoch", report.Epoch);
        writer.WritePropertyName("training");
        Write(writer, report.Training);
        if (report.Validation is { } validation)
        {
            writer.WritePropertyName("validation");
            Write(writer, validation);
        }
        writer.WriteEndObject();
    }

    /// <summary>What <see cref="Write(Utf8JsonWriter, EpochReport)"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A field is missing or ill-typed.</exception>
    public static EpochReport ReadReport(JsonFields fields) => new(
        fields.Int32("epoch"),
        ReadStatistics(fields.Object("training")),
        fields.Has("validation") ? ReadStatistics(fields.Object("validation")) : null);

    /// <summary>{"epochs": [...]}</summary>
    public static void Write(Utf8JsonWriter writer, IReadOnlyList<EpochReport> history)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("epochs");
        foreach (var report in history)
            Write(writer, report);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    /// <summary>What <see cref="Write(Utf8JsonWriter, IReadOnlyList{EpochReport})"/> wrote.</summary>
    /// <exception cref="InvalidDataException">A field is missing or ill-typed.</exception>
    public static IReadOnlyList<EpochReport> ReadHistory(JsonFields fields) => [.. fields.Objects("epochs").Select(ReadReport)];

    /// <summary>A number; a text for those that JSON lacks: NaN, Infinity, -Infinity; or null.</summary>
    public static void WriteNumber(Utf8JsonWriter writer, string name, double? number)
    {
        if (number is not { } value)
            writer.WriteNull(name);
        else if (double.IsFinite(value))
            writer.WriteNumber(name, value);
        else
            writer.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
    }
}
