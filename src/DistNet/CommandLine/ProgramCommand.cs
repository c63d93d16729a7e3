using System.CommandLine;

namespace DistNet;

/// <summary>A command of the program, with examples for its help that can be copied.</summary>
internal sealed class ProgramCommand(string name, string description, params string[] examples) : Command(name, description)
{
    /// <summary>Command lines to show under the help.</summary>
    public IReadOnlyList<string> Examples { get; } = examples;

    /// <summary>Adds options in the order of the help.</summary>
    public void Add(IEnumerable<Option> options)
    {
        foreach (var option in options) Add(option);
    }
}
