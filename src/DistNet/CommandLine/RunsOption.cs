using System.CommandLine;
using System.CommandLine.Completions;
using DistNet.Neural;

namespace DistNet;

/// <summary>--runs DIR: the folder in which each run has a folder of its own.</summary>
internal sealed class RunsOption
{
    private const string Usual = "runs";

    private readonly Option<string> _directory = CommandOptions.Text("--runs", "DIR", Usual, "Folder of the runs");

    /// <summary>The option.</summary>
    public Option Option => _directory;

    /// <summary>The folder asked for.</summary>
    public string Directory(ParseResult parsed) => parsed.GetRequiredValue(_directory);

    /// <summary>Opens a run by id, unique beginning of one, path, or "latest".</summary>
    /// <exception cref="DirectoryNotFoundException">There is no such run.</exception>
    /// <exception cref="InvalidDataException">Its description is damaged.</exception>
    public RunFolder Open(ParseResult parsed, string run) => RunFolder.Open(Directory(parsed), run);

    /// <summary>The option as a command to be copied must have it for a run: nothing where the run is in the usual folder.</summary>
    public static string Repeat(RunFolder run)
    {
        var folder = Path.GetDirectoryName(run.Path) is { Length: > 0 } named ? named : ".";
        return folder == Usual ? "" : $" --runs {Shell.Quoted(folder)}";
    }

    /// <summary>Ids of the runs there are, newest first.</summary>
    public IEnumerable<CompletionItem> Complete(CompletionContext context) =>
        RunFolder.List(context.ParseResult.GetValue(_directory) ?? Usual).Reverse().Select(run => new CompletionItem(run.Id)).Append(new CompletionItem(RunFolder.Latest));
}
