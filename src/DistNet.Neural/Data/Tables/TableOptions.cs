using System.Text.Json;

namespace DistNet.Neural;

/// <summary>What a table is to be used for.</summary>
/// <param name="Target">The column to predict.</param>
public sealed record TableOptions(string Target)
{
    /// <summary>Share of the rows that are kept for testing, in [0, 1).</summary>
    public double TestShare { get; init; } = 0.2;

    /// <summary>Draws which rows they are, and the order of the others.</summary>
    public int SplitSeed { get; init; } = 1;

    /// <summary>Whether the target's values are classes even where they are numbers.</summary>
    public bool IsClassification { get; init; }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("target", Target);
        writer.WriteNumber("testShare", TestShare);
        writer.WriteNumber("splitSeed", SplitSeed);
        writer.WriteBoolean("isClassification", IsClassification);
        writer.WriteEndObject();
    }

    internal static TableOptions Read(JsonFields fields) => new(fields.String("target"))
    {
        TestShare = fields.Number("testShare"),
        SplitSeed = fields.Int32("splitSeed"),
        IsClassification = fields.Boolean("isClassification"),
    };
}
