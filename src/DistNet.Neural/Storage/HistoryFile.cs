using System.Text;

namespace DistNet.Neural;

/// <summary>The epochs of a run, one JSON object a line, as programs that draw curves like to read them.</summary>
/// <remarks>
/// A line that a crash cut short is not counted and goes when the next is written. A resumed run reports epochs again that it
/// had reported before the crash, with equal numbers: the last report of an epoch counts.
/// </remarks>
internal static class HistoryFile
{
    /// <summary>Adds an epoch.</summary>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    public static void Append(string path, EpochReport report)
    {
        var line = Encoding.UTF8.GetBytes(TrainingJson.Text(writer => TrainingJson.Write(writer, report)) + "\n");
        using var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.Read);
        file.SetLength(WholeLines(file));
        file.Position = file.Length;
        file.Write(line);
        file.Flush(flushToDisk: true);
    }

    /// <summary>The epochs in ascending order; none if the file does not exist.</summary>
    /// <exception cref="InvalidDataException">A line is damaged.</exception>
    public static IReadOnlyList<EpochReport> Read(string path)
    {
        if (!File.Exists(path))
            return [];
        var text = File.ReadAllText(path);
        var lines = text[..(text.LastIndexOf('\n') + 1)].Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var epochs = new SortedDictionary<int, EpochReport>();
        foreach (var report in lines.Select(line => JsonFields.Parse(path, line, TrainingJson.ReadReport)))
            epochs[report.Epoch] = report;
        return [.. epochs.Values];
    }

    private static long WholeLines(FileStream file)
    {
        for (var length = file.Length; length > 0; length--)
        {
            file.Position = length - 1;
            if (file.ReadByte() == '\n')
                return length;
        }
        return 0;
    }
}
