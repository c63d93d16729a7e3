using System.CommandLine;
using System.CommandLine.Parsing;

namespace DistNet;

/// <summary>Refuses options and arguments without a text, as a variable leaves them that is not set.</summary>
internal static class EmptyValues
{
    // The options of a run: none leave it as it usually is.
    private const string MayBeEmpty = "--train";

    /// <summary>Has a command and those below it refuse them.</summary>
    public static void Refuse(Command command)
    {
        foreach (var option in command.Options.Where(option => option.Name != MayBeEmpty))
            option.Validators.Add(result => Check(result, option.Name, result.Tokens));
        foreach (var argument in command.Arguments)
            argument.Validators.Add(result => Check(result, argument.HelpName ?? argument.Name, result.Tokens));
        foreach (var below in command.Subcommands) Refuse(below);
    }

    private static void Check(SymbolResult result, string name, IReadOnlyList<Token> tokens)
    {
        if (tokens.Any(token => token.Value.Length == 0)) result.AddError($"{name} needs a value, but '' was given");
    }
}
