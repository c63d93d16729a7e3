using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace DistNet;

/// <summary>Options whose errors say in one sentence what was expected and what was found.</summary>
internal static class CommandOptions
{
    /// <summary>A whole number with a least value, and perhaps a greatest.</summary>
    public static Option<int> Count(string name, string valueName, int minimum, int defaultValue, string description, int maximum = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = valueName,
        DefaultValueFactory = _ => defaultValue,
        CustomParser = result => ParseCount(result, name, minimum, maximum),
    };

    /// <summary>A whole number with a least value, and perhaps a greatest, that has no default.</summary>
    public static Option<int?> OptionalCount(string name, string valueName, int minimum, string description, int maximum = int.MaxValue) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result => ParseCount(result, name, minimum, maximum),
    };

    /// <summary>A number in [minimum, below), which has no default unless the description names one.</summary>
    public static Option<double?> Number(string name, string valueName, double minimum, double below, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        CustomParser = result => ParseNumber(result, name, minimum, below),
    };

    /// <summary>One of several words, which the help lists.</summary>
    public static Option<string> Choice(string name, string valueName, string[] words, string defaultWord, string description)
    {
        var option = Text(name, valueName, defaultWord, words.Length == 1 ? description : $"{description}; one of {string.Join(", ", words)}");
        option.CustomParser = result => ParseChoice(result, name, words);
        option.CompletionSources.Add(words);
        return option;
    }

    /// <summary>Any text.</summary>
    public static Option<string> Text(string name, string valueName, string defaultText, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
        DefaultValueFactory = _ => defaultText,
    };

    /// <summary>Any text, without a default.</summary>
    public static Option<string?> OptionalText(string name, string valueName, string description) => new(name)
    {
        Description = description,
        HelpName = valueName,
    };

    /// <summary>A switch.</summary>
    public static Option<bool> Switch(string name, string description) => new(name)
    {
        Description = description,
        Arity = ArgumentArity.Zero,
    };

    /// <summary>Whether the user wrote the option, rather than left it to its default.</summary>
    public static bool IsGiven(this ParseResult parsed, Option option) => parsed.GetResult(option) is { Implicit: false };

    private static int ParseCount(ArgumentResult result, string name, int minimum, int maximum)
    {
        var text = result.Tokens[0].Value;
        if (int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && value >= minimum && value <= maximum)
            return value;
        result.AddError($"{name} must be a whole number from {minimum} to {maximum}, but '{text}' was given");
        return minimum;
    }

    private static double? ParseNumber(ArgumentResult result, string name, double minimum, double below)
    {
        var text = result.Tokens[0].Value;
        if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && value >= minimum && value < below)
            return value;
        var range = double.IsPositiveInfinity(below) ? $"of at least {minimum}" : $"from {minimum} to below {below}";
        result.AddError($"{name} must be a number {range}, but '{text}' was given");
        return null;
    }

    private static string ParseChoice(ArgumentResult result, string name, string[] words)
    {
        var text = result.Tokens[0].Value;
        if (words.Contains(text, StringComparer.OrdinalIgnoreCase)) return text.ToLowerInvariant();
        result.AddError($"{name} must be one of {string.Join(", ", words)}, but '{text}' was given");
        return words[0];
    }
}
