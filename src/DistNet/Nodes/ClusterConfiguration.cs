using Akka.Configuration;

namespace DistNet;

/// <summary>Akka's settings of a node, from the files in <c>cluster-config</c>.</summary>
internal static class ClusterConfiguration
{
    private const string FolderName = "cluster-config";

    /// <summary>The file of each role before that of all nodes; a file that the user names goes before them all.</summary>
    /// <param name="roles">The node's.</param>
    /// <param name="named">The user's file, or null.</param>
    /// <exception cref="InvalidDataException">A file is no HOCON.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static Config Read(IEnumerable<string> roles, string? named)
    {
        var config = named is null ? Config.Empty : Parse(named);
        foreach (var role in roles.Append("base"))
            config = config.WithFallback(Parse(Path.Combine(AppContext.BaseDirectory, FolderName, $"{role}.conf")));
        return config;
    }

    private static Config Parse(string path)
    {
        var text = File.ReadAllText(path);
        try
        {
            return ConfigurationFactory.ParseString(text);
        }
        catch (Exception fault) when (fault is FormatException or Akka.Configuration.ConfigurationException)
        {
            throw new InvalidDataException($"{path} is not a configuration file: {fault.Message}", fault);
        }
    }
}
