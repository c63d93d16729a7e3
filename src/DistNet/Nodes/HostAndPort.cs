using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>HOST:PORT on a command line.</summary>
internal static class HostAndPort
{
    /// <summary>Takes what an option or its variable names.</summary>
    /// <param name="option">Named in the error.</param>
    /// <param name="lists">As given: one each, or several with commas between.</param>
    /// <exception cref="UsageException">One of them is something else.</exception>
    public static string[] Each(string option, string[] lists)
    {
        string[] nodes = [.. lists.SelectMany(list => list.Split(','))];
        return nodes.FirstOrDefault(node => !TensorAddress.TryParse(node, out _)) is { } wrong
            ? throw new UsageException($"{option} needs HOST:PORT, but '{wrong}' was given")
            : nodes;
    }
}
