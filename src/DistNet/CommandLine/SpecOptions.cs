using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>The options that make up a run specification: its network, its training, or a file with both.</summary>
internal sealed class SpecOptions
{
    private readonly NetworkOptions _network = new();
    private readonly TrainingOptions _training = new();

    /// <summary>Where the specification is taken from.</summary>
    public Option<string?> File { get; } =
        CommandOptions.OptionalText("--spec", "FILE", "Run specification in JSON, or a run's run.json; options beside it override it");

    /// <summary>All but the file, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [.. _network.All, .. _training.All];

    /// <summary>Reads the file at once, so that its faults show before the data is loaded.</summary>
    /// <returns>Makes the specification of what fits the data where nothing else is asked for, and of the number of training examples.</returns>
    public Func<TrainingSpec, int, TrainingSpec> Read(ParseResult parsed)
    {
        var file = parsed.GetValue(File);
        var start = file is null ? null : TrainingSpecJson.Read(System.IO.File.ReadAllText(file), file);
        return (usual, exampleCount) => Specs.Valid(_training.Build(parsed, _network.Build(parsed, start ?? usual)), exampleCount);
    }

    /// <summary>Refuses what would change a run that is resumed.</summary>
    /// <exception cref="UsageException">One of these options is given.</exception>
    public void RefuseBeside(ParseResult parsed, string run)
    {
        var changing = All.Append(File).Where(parsed.IsGiven).Select(option => option.Name).ToArray();
        if (changing.Length == 0) return;
        throw new UsageException(
            $"{string.Join(", ", changing)} would change the arithmetic of run {run}; leave it out to resume the run, or begin another");
    }
}
