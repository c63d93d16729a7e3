using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>The options that name a trained model: a run, or a file.</summary>
internal sealed class ModelOptions
{
    private readonly Option<string> _model = CommandOptions.Text("--model", "RUN|FILE", "latest", "A run, or a model file");
    private readonly RunsOption _runs = new();

    /// <summary>Builds the option set.</summary>
    public ModelOptions() => _model.CompletionSources.Add(_runs.Complete);

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_model, _runs.Option];

    /// <summary>Whether the user named a model.</summary>
    public bool IsGiven(ParseResult parsed) => parsed.IsGiven(_model);

    /// <summary>Reads the model asked for.</summary>
    /// <exception cref="UsageException">There is no such run or file.</exception>
    /// <exception cref="InvalidDataException">The model is damaged.</exception>
    public Model Read(ParseResult parsed) => Read(parsed, parsed.GetRequiredValue(_model));

    /// <summary>Reads the model of a name that was given otherwise than by --model.</summary>
    /// <inheritdoc cref="Read(ParseResult)"/>
    public Model Read(ParseResult parsed, string name) => ModelFile.Read(ModelPath.Of(name, _runs, parsed));
}
