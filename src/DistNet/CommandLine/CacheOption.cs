using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>--cache DIR: where images that were fetched from another node are kept.</summary>
internal sealed class CacheOption
{
    private const string Variable = "DISTNET_CACHE";

    private readonly Option<string?> _directory = CommandOptions.OptionalText(
        "--cache",
        "DIR",
        $"Folder in which images that were fetched from the coordinator are kept [default: the variable {Variable}, else distnet in the user's cache folder]");

    /// <summary>The option.</summary>
    public Option Option => _directory;

    /// <summary>The cache asked for.</summary>
    public ImageCache Read(ParseResult parsed) => new(parsed.GetValue(_directory) ?? Usual(Environment.GetEnvironmentVariable));

    /// <summary>The folder where none is named: that of the XDG Base Directory specification, or of Windows; without a home, the temporary one.</summary>
    /// <param name="variable">Reads a variable of the environment; null if it is not set.</param>
    internal static string Usual(Func<string, string?> variable)
    {
        if (variable(Variable) is { Length: > 0 } named) return named;
        if (variable("XDG_CACHE_HOME") is { } cache && Path.IsPathRooted(cache)) return Path.Combine(cache, "distnet");
        if (variable("LOCALAPPDATA") is { Length: > 0 } local) return Path.Combine(local, "distnet", "cache");
        return variable("HOME") is { } home && Path.IsPathRooted(home) && Directory.Exists(home)
            ? Path.Combine(home, ".cache", "distnet")
            : Path.Combine(Path.GetTempPath(), "distnet");
    }
}
