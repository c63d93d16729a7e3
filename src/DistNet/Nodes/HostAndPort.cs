using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>HOST:PORT on a command line.</summary>
internal static class HostAndPort
{
    /// <summary>Takes what an option or its variable names.</summary>
    /// <param name="option">Named in the error.</param>
    /// <param name="nodes">As given.</param>
    /// <exception cref="UsageException">One of them is something else.</exception>
    public static string[] Each(string option, string[] nodes) => nodes.FirstOrDefault(node => !TensorAddress.TryParse(node, out _)) is { } wrong
        ? throw new UsageException($"{option} needs HOST:PORT, but '{wrong}' was given")
        : nodes;
}
