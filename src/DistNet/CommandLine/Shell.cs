namespace DistNet;

/// <summary>Command lines that the program shows for copying.</summary>
internal static class Shell
{
    private const string Plain = "-_./:@%+=,";

    /// <summary>A word of a command line, in quotes where a shell would not take it as it is.</summary>
    public static string Quoted(string word) => word.All(letter => char.IsAsciiLetterOrDigit(letter) || Plain.Contains(letter, StringComparison.Ordinal))
        ? word
        : $"'{word.Replace("'", @"'\''", StringComparison.Ordinal)}'";
}
