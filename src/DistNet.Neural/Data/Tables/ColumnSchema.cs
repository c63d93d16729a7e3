using System.Collections.Immutable;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>How a column becomes numbers: a number as (x - mean) / deviation of the training rows, a category as a one-hot row.</summary>
/// <param name="Name">As in the header.</param>
/// <param name="Categories">Those known, in ordinal order; empty for a column of numbers.</param>
/// <param name="Mean">Of the training rows' numbers; 0 for categories.</param>
/// <param name="Deviation">Their standard deviation, 1 where they are all equal; 1 for categories.</param>
public sealed record ColumnSchema(string Name, ImmutableArray<string> Categories, double Mean, double Deviation)
{
    private const int MostCategories = 1000;

    // A column most of whose values are numbers is one of numbers with mistakes in it.
    private const double MostNumbers = 0.9;

    /// <summary>Whether the column holds numbers.</summary>
    public bool IsNumeric => Categories.IsEmpty;

    /// <summary>Numbers it takes as an input.</summary>
    public int Width => IsNumeric ? 1 : Categories.Length;

    /// <summary>Learns a column: what it holds from all rows, so that no split meets what it does not
    /// know; mean and deviation from the training rows.</summary>
    /// <param name="table">The table.</param>
    /// <param name="column">Index of the column.</param>
    /// <param name="training">The training rows.</param>
    /// <param name="asCategories">Whether numbers are categories as well.</param>
    /// <exception cref="InvalidDataException">No value is there, one is no number where nearly all are, or there are more than 1,000 categories.</exception>
    internal static ColumnSchema Learn(CsvTable table, int column, IReadOnlyList<CsvRow> training, bool asCategories = false)
    {
        var name = table.Header[column];
        CsvRow[] rows = [.. WithValue(table.Rows, column)];
        CsvRow[] trained = [.. WithValue(training, column)];
        if (trained.Length == 0)
            throw new InvalidDataException($"{table.Path}, column '{name}': expected values, found none in the {training.Count} training rows.");
        var others = asCategories ? rows : Array.FindAll(rows, row => CsvTable.Number(row.Texts[column]) is null);
        if (others.Length == 0)
            return OfNumbers(table, name, [.. trained.Select(row => CsvTable.Number(row.Texts[column])!.Value)]);
        if (rows.Length - others.Length >= MostNumbers * rows.Length)
            throw table.Wrong(others[0], name, "a number as in most rows, or NA where it is missing", $"'{others[0].Texts[column]}'");
        string[] categories = [.. rows.Select(row => row.Texts[column]).Distinct().Order(StringComparer.Ordinal)];
        return categories.Length <= MostCategories
            ? new ColumnSchema(name, [.. categories], 0, 1)
            : throw new InvalidDataException(
                $"{table.Path}, column '{name}': expected numbers or at most {MostCategories} categories, found {categories.Length}; "
                + "leave the column out of the file.");
    }

    /// <summary>Writes a value as inputs; one that is missing as the mean, or as no category.</summary>
    /// <exception cref="InvalidDataException">It is no number, or a category that was not there when the column was learnt.</exception>
    internal void Encode(CsvTable table, CsvRow row, string text, Span<float> inputs)
    {
        inputs.Clear();
        if (CsvTable.IsMissing(text))
            return;
        if (IsNumeric)
            inputs[0] = Standardized(table, row, text);
        else
            inputs[CategoryOf(table, row, text)] = 1;
    }

    /// <summary>A value that must be a number, less the mean, in deviations.</summary>
    internal float Standardized(CsvTable table, CsvRow row, string text)
    {
        var value = CsvTable.Number(text) ?? throw table.Wrong(row, Name, "a number", $"'{text}'");
        var standardized = (float)((value - Mean) / Deviation);
        return float.IsFinite(standardized) ? standardized : throw table.Wrong(row, Name, "a number nearer to the others", $"'{text}'");
    }

    /// <summary>The index of a value that must be a category.</summary>
    internal int CategoryOf(CsvTable table, CsvRow row, string text) => Categories.IndexOf(text) is >= 0 and var index
        ? index
        : throw table.Wrong(row, Name, $"one of {string.Join(", ", Categories.Take(20))}", CsvTable.IsMissing(text) ? "nothing" : $"'{text}'");

    internal void Write(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("name", Name);
        if (IsNumeric)
        {
            writer.WriteNumber("mean", Mean);
            writer.WriteNumber("deviation", Deviation);
        }
        else
        {
            writer.WriteStartArray("categories");
            foreach (var category in Categories)
                writer.WriteStringValue(category);
            writer.WriteEndArray();
        }

        writer.WriteEndObject();
    }

    internal static ColumnSchema Read(JsonFields fields) => fields.Has("categories")
        ? new ColumnSchema(fields.String("name"), fields.Strings("categories"), 0, 1)
        : new ColumnSchema(fields.String("name"), [], fields.Number("mean"), fields.Number("deviation"));

    private static IEnumerable<CsvRow> WithValue(IEnumerable<CsvRow> rows, int column) => rows.Where(row => !CsvTable.IsMissing(row.Texts[column]));

    // Sums in the order of the rows: the same bits everywhere.
    private static ColumnSchema OfNumbers(CsvTable table, string name, double[] values)
    {
        var (sum, squares) = (0.0, 0.0);
        foreach (var value in values)
            sum += value;
        var mean = sum / values.Length;
        foreach (var value in values)
            squares += (value - mean) * (value - mean);
        var deviation = Math.Sqrt(squares / values.Length);
        if (!double.IsFinite(deviation))
            throw new InvalidDataException(
                $"{table.Path}, column '{name}': expected numbers that have a mean and a deviation, found {values.MaxBy(Math.Abs):G6} among them.");
        return new ColumnSchema(name, [], mean, deviation > 0 ? deviation : 1);
    }
}
