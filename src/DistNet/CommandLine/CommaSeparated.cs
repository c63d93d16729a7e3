using System.CommandLine.Parsing;
using System.Globalization;

namespace DistNet;

/// <summary>Options whose value is a list, as in 784,512,10.</summary>
internal static class CommaSeparated
{
    /// <summary>The values of an option, or null and an error that names the first that is none.</summary>
    /// <param name="result">What was given.</param>
    /// <param name="option">The option's name.</param>
    /// <param name="expected">What each value must be, in the plural.</param>
    /// <param name="otherwise">What may be given instead, after a comma; or nothing.</param>
    /// <param name="parse">Gives the value of a word, or null if it has none.</param>
    public static T[]? Parse<T>(ArgumentResult result, string option, string expected, Func<string, T?> parse, string otherwise = "")
        where T : struct
    {
        var words = Words(result);
        var values = words.Select(parse).ToArray();
        if (Array.FindIndex(values, value => value is null) is >= 0 and var wrong)
        {
            result.AddError($"{option} must be {expected} separated by commas{otherwise}, but '{words[wrong]}' was given");
            return null;
        }

        return [.. values.Select(value => value!.Value)];
    }

    /// <summary>As <see cref="Parse{T}"/>, for whole numbers from 1 to <paramref name="largest"/>.</summary>
    public static int[]? ParseCounts(ArgumentResult result, string option, int largest, string otherwise = "") =>
        Parse(result, option, $"whole numbers from 1 to {largest}", word => Count(word, largest), otherwise);

    /// <summary>The words between the commas.</summary>
    public static string[] Words(ArgumentResult result) => [.. result.Tokens.SelectMany(token => token.Value.Split(',')).Select(word => word.Trim())];

    private static int? Count(string word, int largest) =>
        int.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var count) && count >= 1 && count <= largest ? count : null;
}
