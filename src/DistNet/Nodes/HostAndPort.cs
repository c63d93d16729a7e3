using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>HOST:PORT on a command line.</summary>
internal static class HostAndPort
{
    /// <summary>Whether a text is one.</summary>
    public static bool IsOne(string text) => TensorAddress.TryParse(text, out _);

    /// <summary>Reads one.</summary>
    public static TensorAddress Parse(string text) => TensorAddress.Parse(text);
}
