using System.Globalization;
using CsvHelper;
using CsvHelper.Configuration;

namespace DistNet.Neural;

/// <summary>A CSV file as it was read: a header, and rows of texts.</summary>
public sealed class CsvTable
{
    private static readonly string[] MissingTexts = ["", "?", "NA", "N/A", "NaN", "null"];

    private CsvTable(string path, IReadOnlyList<string> header, IReadOnlyList<CsvRow> rows) => (Path, Header, Rows) = (path, header, rows);

    /// <summary>The file, named in errors.</summary>
    public string Path { get; }

    /// <summary>Names of the columns.</summary>
    public IReadOnlyList<string> Header { get; }

    /// <summary>The rows, each with as many texts as there are columns.</summary>
    public IReadOnlyList<CsvRow> Rows { get; }

    /// <summary>Reads a file.</summary>
    /// <exception cref="InvalidDataException">It is no table: the header names a column twice, a row has more or fewer texts, or a quote is not
    /// closed.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static CsvTable Read(string path)
    {
        using var reader = new StreamReader(path);
        return Read(path, reader);
    }

    /// <summary>Reads a table from a text.</summary>
    /// <param name="path">What it is called in errors.</param>
    /// <param name="reader">The text.</param>
    /// <exception cref="InvalidDataException">It is no table.</exception>
    public static CsvTable Read(string path, TextReader reader)
    {
        try
        {
            var format = new CsvConfiguration(CultureInfo.InvariantCulture) { TrimOptions = TrimOptions.Trim, IgnoreBlankLines = true };
            using var csv = new CsvParser(reader, format);
            if (!csv.Read())
                throw Damage(path, 1, "a header with the columns' names", "nothing");
            string[] header = [.. csv.Record!];
            if (header.GroupBy(name => name).FirstOrDefault(names => names.Count() > 1) is { } twice)
                throw Damage(path, 1, "columns of different names", $"'{twice.Key}' twice");
            return new CsvTable(path, header, [.. ReadRows(path, csv, header.Length)]);
        }
        catch (BadDataException damage)
        {
            throw Damage(path, damage.Context?.Parser?.RawRow ?? 0, "text or a closed quote", "a quote inside a text");
        }
    }

    /// <summary>Whether a text stands for a value that is missing.</summary>
    public static bool IsMissing(string text) => MissingTexts.Contains(text, StringComparer.OrdinalIgnoreCase);

    /// <summary>The number a text stands for; null if none.</summary>
    public static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;

    /// <summary>Index of a column.</summary>
    /// <exception cref="InvalidDataException">There is none of that name.</exception>
    public int IndexOf(string column)
    {
        for (var i = 0; i < Header.Count; i++)
        {
            if (Header[i] == column)
                return i;
        }

        throw new InvalidDataException($"{Path} has no column '{column}': its columns are {string.Join(", ", Header)}.");
    }

    /// <summary>The refusal of a value, to be thrown.</summary>
    internal InvalidDataException Wrong(CsvRow row, string column, string expected, string found) =>
        new($"{Path}, line {row.Line}, column '{column}': expected {expected}, found {found}.");

    private static IEnumerable<CsvRow> ReadRows(string path, CsvParser csv, int columns)
    {
        while (csv.Read())
        {
            if (csv.Record!.Length != columns)
                throw Damage(path, csv.RawRow, $"{columns} columns, as the header has", $"{csv.Record.Length}");
            yield return new CsvRow(csv.RawRow, [.. csv.Record]);
        }
    }

    private static InvalidDataException Damage(string path, int line, string expected, string found) =>
        new($"{path}, line {line}: expected {expected}, found {found}.");
}

/// <summary>A row of a table.</summary>
/// <param name="Line">Its line in the file, from 1.</param>
/// <param name="Texts">One for each column.</param>
public sealed record CsvRow(int Line, IReadOnlyList<string> Texts);
