using System.Security.Cryptography;

namespace DistNet.Neural;

/// <summary>A table as examples: rows to train on, rows to test with, and what was learnt of its columns.</summary>
/// <param name="Training">The training rows, in an order drawn by the split's seed.</param>
/// <param name="Test">The others; null if there are none.</param>
/// <param name="Schema">Means and deviations are of the training rows alone.</param>
public sealed record TableData(ArrayExampleSet Training, ArrayExampleSet? Test, TableSchema Schema)
{
    /// <summary>Reads a CSV file, splits it, and learns its columns.</summary>
    /// <exception cref="InvalidDataException">A row is bad, the target is no column, or too few rows are left.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static TableData Load(string path, TableOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var (table, hash) = Read(path);
        var target = table.IndexOf(options.Target);
        var (training, test) = Split(table, options);
        if (training.Count == 0 || table.Header.Count < 2)
        {
            throw new InvalidDataException(
                $"{path} has {table.Rows.Count} rows and {table.Header.Count} columns: expected a training row and a column beside the target at least.");
        }

        var schema = new TableSchema
        {
            Options = options,
            FileHash = hash,
            Inputs = [.. Enumerable.Range(0, table.Header.Count).Where(i => i != target).Select(i => ColumnSchema.Learn(table, i, training))],
            Target = ColumnSchema.Learn(table, target, training, options.IsClassification),
        };
        if (schema.Target.Categories.Length == 1)
        {
            throw new InvalidDataException(
                $"{path}, column '{options.Target}': expected two classes at least, found only '{schema.Target.Categories[0]}' in the training rows.");
        }

        return new TableData(schema.Encode(table, training), test.Count == 0 ? null : schema.Encode(table, test), schema);
    }

    /// <summary>The examples of a file by what a model knows of its columns: the test rows of the file it was trained on, all rows of any other.</summary>
    /// <param name="path">The file.</param>
    /// <param name="schema">From the model.</param>
    /// <param name="isTraining">Whether the training rows of the file it was trained on are wanted instead.</param>
    /// <exception cref="InvalidDataException">A row is bad, or there is none.</exception>
    public static ArrayExampleSet LoadFor(string path, TableSchema schema, bool isTraining = false)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var (table, hash) = Read(path);
        var rows = table.Rows;
        if (hash == schema.FileHash)
        {
            var (training, test) = Split(table, schema.Options);
            rows = isTraining || test.Count == 0 ? training : test;
        }

        return rows.Count > 0 ? schema.Encode(table, rows) : throw new InvalidDataException($"{path} has no row below its header.");
    }

    private static (IReadOnlyList<CsvRow> Training, IReadOnlyList<CsvRow> Test) Split(CsvTable table, TableOptions options)
    {
        CsvRow[] drawn = [.. ExampleOrder.ForEpoch(table.Rows.Count, options.SplitSeed, 1).Select(i => table.Rows[i])];
        var test = (int)Math.Round(options.TestShare * drawn.Length);
        return (drawn[test..], drawn[..test]);
    }

    // One reading for both, so that they are of the same content.
    private static (CsvTable Table, string Hash) Read(string path)
    {
        var content = File.ReadAllBytes(path);
        using var reader = new StreamReader(new MemoryStream(content));
        return (CsvTable.Read(path, reader), Convert.ToHexStringLower(SHA256.HashData(content)));
    }
}
