using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>Which images a command is about.</summary>
internal sealed class DataOptions
{
    private readonly Option<string?> _folder =
        CommandOptions.OptionalText(
            "--data", "DIR|FILE.csv", "Folder of the four IDX files, or a table for a model of one [default: the model's, where they were, else data/mnist]");
    private readonly Option<string> _split;

    /// <param name="defaultSplit">"train" or "test".</param>
    public DataOptions(string defaultSplit = "test") =>
        _split = CommandOptions.Choice("--split", "SET", ["train", "test"], defaultSplit, "Training or test examples");

    /// <summary>--data alone.</summary>
    public Option Folder => _folder;

    /// <summary>--data and --split.</summary>
    public IReadOnlyList<Option> All => [_folder, _split];

    /// <summary>The folder asked for, or found.</summary>
    /// <exception cref="UsageException">It does not exist.</exception>
    public string FolderOf(ParseResult parsed) => DataFolders.Find(parsed.GetValue(_folder));

    /// <summary>"train" or "test".</summary>
    public string SplitOf(ParseResult parsed) => parsed.GetRequiredValue(_split);

    /// <summary>Loads the rows asked for: of the table that the model was trained on those of --split, of any other all.</summary>
    /// <exception cref="UsageException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">A row is bad.</exception>
    public ArrayExampleSet LoadTable(ParseResult parsed, Model model) =>
        TableData.LoadFor(DataRequest.Find(model.Data, parsed.GetValue(_folder)).Path, model.Data.Table!, SplitOf(parsed) == "train");

    /// <summary>Loads the images asked for.</summary>
    /// <exception cref="InvalidDataException">A file is damaged.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ImageSet Load(ParseResult parsed) => Load(parsed, FolderOf(parsed));

    /// <summary>Loads the images asked for, or those that the model was trained with.</summary>
    /// <inheritdoc cref="Load(ParseResult)"/>
    public ImageSet LoadFor(ParseResult parsed, Model model) => Load(parsed, DataRequest.Find(model.Data, parsed.GetValue(_folder)).Path);

    private ImageSet Load(ParseResult parsed, string folder) =>
        SplitOf(parsed) == "train" ? ImageFolder.LoadTraining(folder) : ImageFolder.LoadTest(folder);
}
