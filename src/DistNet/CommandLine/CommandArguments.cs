using System.CommandLine;
using System.Globalization;

namespace DistNet;

/// <summary>Arguments whose errors say in one sentence what was expected and what was found.</summary>
internal static class CommandArguments
{
    /// <summary>A whole number from 0.</summary>
    public static Argument<int> Index(string name, string description) => new(name)
    {
        Description = description,
        CustomParser = result =>
        {
            var text = result.Tokens[0].Value;
            if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
                result.AddError($"{name} must be a whole number from 0 to {int.MaxValue}, but '{text}' was given");
            return index;
        },
    };
}
