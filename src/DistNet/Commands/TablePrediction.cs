using System.Globalization;
using CsvHelper;
using DistNet.Neural;

namespace DistNet;

/// <summary>What a model makes of the rows of a CSV file, as CSV: the file's own columns and the answer, for classes with its probability.</summary>
internal static class TablePrediction
{
    /// <summary>Writes the rows with their answers.</summary>
    /// <exception cref="InvalidDataException">A row is bad; nothing was written.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static void Write(string path, Model model, TableSchema schema, TextWriter output)
    {
        var table = CsvTable.Read(path);
        var inputs = schema.EncodeInputs(table, table.Rows); // all of them before anything is written
        using var csv = new CsvWriter(output, CultureInfo.InvariantCulture, leaveOpen: true);
        foreach (var name in table.Header) csv.WriteField(name);
        csv.WriteField($"{schema.Target.Name} predicted");
        if (!schema.IsRegression) csv.WriteField("probability");
        csv.NextRecord();
        var pass = new ForwardPass<float>(model.Spec.Network, 1, 1);
        for (var i = 0; i < table.Rows.Count; i++)
        {
            inputs.AsSpan(i * schema.InputSize, schema.InputSize).CopyTo(pass.Inputs(1));
            pass.Forward(model.Parameters, 1);
            foreach (var text in table.Rows[i].Texts) csv.WriteField(text);
            csv.WriteField(schema.Describe(model.Spec.Network, pass.Outputs(1)));
            if (!schema.IsRegression) csv.WriteField(Probability(pass.Outputs(1)).ToString("0.0000", CultureInfo.InvariantCulture));
            csv.NextRecord();
        }
    }

    private static float Probability(ReadOnlySpan<float> outputs) => outputs.Length == 1 ? Math.Max(outputs[0], 1 - outputs[0]) : outputs.ToArray().Max();
}
