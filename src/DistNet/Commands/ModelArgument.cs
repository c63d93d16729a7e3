using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>The argument MODEL: a run, or a model file.</summary>
internal sealed class ModelArgument
{
    private readonly Argument<string> _model = new("MODEL")
    {
        HelpName = "MODEL", // not all the runs there are
        Description = "A run, or a model file",
        DefaultValueFactory = _ => RunFolder.Latest,
    };
    private readonly RunsOption _runs = new();

    /// <summary>Builds the argument.</summary>
    public ModelArgument() => _model.CompletionSources.Add(_runs.Complete);

    /// <summary>Adds MODEL and --runs to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_model);
        command.Add(_runs.Option);
    }

    /// <summary>The model's file.</summary>
    /// <exception cref="UsageException">There is no such run or file.</exception>
    public string PathOf(ParseResult parsed) => ModelPath.Of(parsed.GetRequiredValue(_model), _runs, parsed);

    /// <summary>The model's run; null if a file was named.</summary>
    public RunFolder? RunOf(ParseResult parsed)
    {
        var name = parsed.GetRequiredValue(_model);
        return File.Exists(name) ? null : _runs.Open(parsed, name);
    }

    /// <summary>Reads the model.</summary>
    /// <exception cref="UsageException">There is no such run or file.</exception>
    /// <exception cref="InvalidDataException">The model is damaged.</exception>
    public Model Read(ParseResult parsed) => ModelFile.Read(PathOf(parsed));
}
