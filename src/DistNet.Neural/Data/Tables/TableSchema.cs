using System.Collections.Immutable;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>What a table's columns mean to a network: which one is the target, how each becomes numbers, and which rows are for testing.</summary>
/// <remarks>Kept in the model.</remarks>
public sealed record TableSchema
{
    /// <summary>How the table was split and what was asked of it.</summary>
    public required TableOptions Options { get; init; }

    /// <summary>SHA-256 of the file it was learnt from, lower-case hexadecimal: which rows it trained on is known for this file alone.</summary>
    public required string FileHash { get; init; }

    /// <summary>The columns that are inputs, in the order of the file.</summary>
    public required ImmutableArray<ColumnSchema> Inputs { get; init; }

    /// <summary>The column to predict.</summary>
    public required ColumnSchema Target { get; init; }

    /// <summary>Inputs per example.</summary>
    public int InputSize => Inputs.Sum(column => column.Width);

    /// <summary>Whether the target is a number.</summary>
    public bool IsRegression => Target.IsNumeric;

    /// <summary>Outputs of a network: one for a number or two classes, else one for each class.</summary>
    public int TargetSize => Target.Categories.Length is 0 or 2 ? 1 : Target.Categories.Length;

    /// <summary>What the outputs of a network say: a number in the target's own unit, or a class.</summary>
    public string Describe(NetworkSpec network, ReadOnlySpan<float> outputs) => IsRegression
        ? Unscale(outputs[0]).ToString("G6", System.Globalization.CultureInfo.InvariantCulture)
        : Target.Categories[Answers.ClassOf(network, outputs)];

    /// <summary>An output or target of a regression in the target's own unit.</summary>
    public double Unscale(double value) => (value * Target.Deviation) + Target.Mean;

    /// <summary>Makes inputs of rows.</summary>
    /// <returns>Rows x InputSize, row-major.</returns>
    /// <exception cref="InvalidDataException">A column is missing, or a value is neither number nor known category; the sentence names line
    /// and column.</exception>
    public float[] EncodeInputs(CsvTable table, IReadOnlyList<CsvRow> rows)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(rows);
        int[] places = [.. Inputs.Select(column => table.IndexOf(column.Name))];
        if ((long)rows.Count * InputSize > Array.MaxLength)
            throw new InvalidDataException(
                $"{table.Path}: {rows.Count} rows of {InputSize} inputs are too many; leave out columns with many categories, or rows.");
        var inputs = new float[rows.Count * InputSize];
        var at = 0;
        foreach (var row in rows)
        {
            for (var i = 0; i < places.Length; i++)
            {
                Inputs[i].Encode(table, row, row.Texts[places[i]], inputs.AsSpan(at, Inputs[i].Width));
                at += Inputs[i].Width;
            }
        }

        return inputs;
    }

    /// <summary>Makes examples, inputs and targets, of rows.</summary>
    /// <exception cref="InvalidDataException">As for the inputs; or a target is missing.</exception>
    public ArrayExampleSet Encode(CsvTable table, IReadOnlyList<CsvRow> rows)
    {
        var inputs = EncodeInputs(table, rows);
        var place = table.IndexOf(Target.Name);
        var targets = new float[rows.Count * TargetSize];
        for (var i = 0; i < rows.Count; i++)
            EncodeTarget(table, rows[i], rows[i].Texts[place], targets.AsSpan(i * TargetSize, TargetSize));
        return new ArrayExampleSet(inputs, InputSize, targets, TargetSize);
    }

    private void EncodeTarget(CsvTable table, CsvRow row, string text, Span<float> target)
    {
        if (IsRegression)
            target[0] = Target.Standardized(table, row, text);
        else if (TargetSize == 1)
            target[0] = Target.CategoryOf(table, row, text);
        else
            OneHot.Encode(Target.CategoryOf(table, row, text), target);
    }

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("options");
        Options.Write(writer);
        writer.WriteString("fileHash", FileHash);
        writer.WriteStartArray("inputs");
        foreach (var column in Inputs)
            column.Write(writer);
        writer.WriteEndArray();
        writer.WritePropertyName("target");
        Target.Write(writer);
        writer.WriteEndObject();
    }

    internal static TableSchema Read(JsonFields fields) => new()
    {
        Options = TableOptions.Read(fields.Object("options")),
        FileHash = fields.String("fileHash"),
        Inputs = [.. fields.Objects("inputs").Select(ColumnSchema.Read)],
        Target = ColumnSchema.Read(fields.Object("target")),
    };
}
