using System.Text.Json;

namespace DistNet.Neural;

/// <summary>Which data a run trained on: enough to say whether other data fits, and whether it is the same.</summary>
/// <param name="ContentHash">Content hash of the training examples, before the validation split.</param>
/// <param name="Count">Training examples, before the validation split.</param>
/// <param name="InputSize">Inputs per example.</param>
/// <param name="TargetSize">Targets per example.</param>
/// <param name="Source">Where the data was read from, as the user wrote it, or null if it came from no folder.</param>
public sealed record DataDescription(string ContentHash, int Count, int InputSize, int TargetSize, string? Source = null)
{
    /// <summary>What is known of the table's columns; null for images.</summary>
    public TableSchema? Table { get; init; }

    /// <summary>Describes a training set; computes its content hash if nobody has yet.</summary>
    public static DataDescription Of(IExampleSet examples, string? source = null)
    {
        ArgumentNullException.ThrowIfNull(examples);
        return new DataDescription(examples.ContentHash, examples.Count, examples.InputSize, examples.TargetSize, source);
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("contentHash", ContentHash);
        writer.WriteNumber("count", Count);
        writer.WriteNumber("inputSize", InputSize);
        writer.WriteNumber("targetSize", TargetSize);
        writer.WriteString("source", Source);
        if (Table is not null)
        {
            writer.WritePropertyName("table");
            Table.Write(writer);
        }

        writer.WriteEndObject();
    }

    internal static DataDescription Read(JsonFields fields) => new(
        fields.String("contentHash"),
        fields.Int32("count"),
        fields.Int32("inputSize"),
        fields.Int32("targetSize"),
        fields.Has("source") ? fields.String("source") : null)
    {
        Table = fields.Has("table") ? TableSchema.Read(fields.Object("table")) : null,
    };
}
