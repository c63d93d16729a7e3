using System.CommandLine;
using System.CommandLine.Parsing;

namespace DistNet;

/// <summary>What is wrong with a command line, as one sentence that says what to do.</summary>
internal static class UsageErrors
{
    private const string NotMatched = "Unrecognized command or argument '";

    /// <summary>The sentence for a command line that does not parse.</summary>
    public static string Describe(ParseResult parsed)
    {
        var command = parsed.CommandResult.Command;
        var help = $"see '{Path(parsed.CommandResult)} --help'";
        var message = parsed.Errors.Select(error => error.Message).FirstOrDefault(text => text.StartsWith(NotMatched, StringComparison.Ordinal));
        if (message is null && command.Subcommands.Count > 0)
            return $"name a command: {string.Join(", ", command.Subcommands.Select(subcommand => subcommand.Name))}; {help}";
        if (message is null) return $"{parsed.Errors[0].Message.TrimEnd('.')}; {help}";

        var word = message[NotMatched.Length..].TrimEnd('\'', '.');
        var kind = word.StartsWith('-') ? "option" : command.Subcommands.Count > 0 ? "command" : "argument";
        var closest = Closest(word, Known(command, kind));
        return closest is null ? $"unknown {kind} '{word}'; {help}" : $"unknown {kind} '{word}', did you mean '{closest}'? {help}";
    }

    private static string[] Known(Command command, string kind) => kind switch
    {
        "option" => [.. command.Options.Select(option => option.Name)],
        "command" => [.. command.Subcommands.Select(subcommand => subcommand.Name)],
        _ => [],
    };

    private static string Path(CommandResult result) =>
        result.Parent is CommandResult parent ? $"{Path(parent)} {result.Command.Name}" : "distnet";

    private static string? Closest(string word, string[] known)
    {
        var closest = known.FirstOrDefault(name => name.StartsWith(word, StringComparison.Ordinal)) ?? known.MinBy(name => EditDistance(word, name));
        return closest is not null && EditDistance(word, closest) <= Math.Max(2, closest.Length - word.Length) ? closest : null;
    }

    /// <summary>Levenshtein's distance, one row at a time.</summary>
    private static int EditDistance(string a, string b)
    {
        var row = Enumerable.Range(0, b.Length + 1).ToArray();
        for (var i = 1; i <= a.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= b.Length; j++)
            {
                var substituted = diagonal + (a[i - 1] == b[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(substituted, Math.Min(row[j], row[j - 1]) + 1);
            }
        }

        return row[^1];
    }
}
