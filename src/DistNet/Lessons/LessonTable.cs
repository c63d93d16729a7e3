using DistNet.Neural;

namespace DistNet;

/// <summary>The lessons' tables, those of data/lessons, which the program carries.</summary>
internal static class LessonTable
{
    /// <summary>The numbers of a column.</summary>
    /// <param name="file">line.csv, hours.csv or marks.csv.</param>
    /// <param name="column">Its name.</param>
    public static double[] Column(string file, string column)
    {
        using var reader = new StreamReader(typeof(LessonTable).Assembly.GetManifestResourceStream(file)!);
        var table = CsvTable.Read(file, reader);
        var place = table.IndexOf(column);
        return [.. table.Rows.Select(row => CsvTable.Number(row.Texts[place])!.Value)];
    }
}
