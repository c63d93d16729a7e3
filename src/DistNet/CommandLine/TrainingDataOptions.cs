using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>What to train on: a folder of images, or a table and the column to predict.</summary>
internal sealed class TrainingDataOptions
{
    private readonly Option<string?> _data = CommandOptions.OptionalText(
        "--data", "DIR|FILE.csv", "Folder of the four IDX files, or with --target a table [default: data/mnist, here or beside the program]");
    private readonly Option<string?> _target = CommandOptions.OptionalText("--target", "COLUMN", "The table's column to predict; all others are inputs");
    private readonly Option<bool> _classification = CommandOptions.Switch("--classification", "The target's numbers are classes; texts always are");
    private readonly Option<double?> _testShare =
        CommandOptions.Number("--test-share", "SHARE", 0, 1, "Share of the table's rows that is kept for testing [default: 0.2]");
    private readonly Option<int> _splitSeed = CommandOptions.Count("--split-seed", "N", 0, 1, "Draws which of the table's rows those are");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_data, _target, _classification, _testShare, _splitSeed];

    /// <summary>What is asked for, or found.</summary>
    /// <exception cref="UsageException">It does not exist, or the options do not go together.</exception>
    public DataRequest Read(ParseResult parsed) => ReadIfAny(parsed) ?? throw DataFolders.Missing();

    /// <summary>What is asked for, or found; null where nothing is asked for and no images are found.</summary>
    /// <inheritdoc cref="Read"/>
    public DataRequest? ReadIfAny(ParseResult parsed)
    {
        var (data, target) = (parsed.GetValue(_data), parsed.GetValue(_target));
        if (target is not null && data is null) throw new UsageException("--target is a column of a table; name the table's file with --data");
        if (target is null && data is not null && File.Exists(data))
            throw new UsageException($"--data names a file, so it is taken for a table; say with --target which of its columns is to be predicted");
        if (target is not null)
        {
            return File.Exists(data)
                ? new DataRequest(data, Table(parsed, target))
                : throw new UsageException($"there is no table '{data}'; name one with --data");
        }

        if (SaysMoreOfTable(parsed))
        {
            throw new UsageException(
                $"{_classification.Name}, {_testShare.Name} and {_splitSeed.Name} are about a table; name its column to predict with --target");
        }

        return DataFolders.FindIfAny(data) is { } folder ? new DataRequest(folder, null) : null;
    }

    /// <summary>The data of a run, where it was or where --data says.</summary>
    /// <exception cref="UsageException">It is not there.</exception>
    public DataRequest ReadFor(ParseResult parsed, DataDescription description)
    {
        if (parsed.IsGiven(_target) || SaysMoreOfTable(parsed))
            throw new UsageException("what a table is for cannot change when a run goes on; leave out --target and its like, or begin another run");
        return DataRequest.Find(description, parsed.GetValue(_data));
    }

    /// <summary>The options that ask for this data, for another process.</summary>
    public static string[] Repeat(DataRequest request)
    {
        string[] data = ["--data", Path.GetFullPath(request.Path)];
        return request.Table is not { } table ? data :
        [
            .. data, "--target", table.Target, .. (string[])(table.IsClassification ? ["--classification"] : []),
            "--test-share", table.TestShare.ToString("R", System.Globalization.CultureInfo.InvariantCulture), "--split-seed", $"{table.SplitSeed}",
        ];
    }

    private bool SaysMoreOfTable(ParseResult parsed) =>
        parsed.IsGiven(_classification) || parsed.IsGiven(_testShare) || parsed.IsGiven(_splitSeed);

    private TableOptions Table(ParseResult parsed, string target)
    {
        var usual = new TableOptions(target);
        return usual with
        {
            IsClassification = parsed.GetValue(_classification),
            TestShare = parsed.GetValue(_testShare) ?? usual.TestShare,
            SplitSeed = parsed.GetValue(_splitSeed),
        };
    }
}
