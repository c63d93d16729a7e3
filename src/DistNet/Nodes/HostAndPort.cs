using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>HOST:PORT on a command line.</summary>
internal static class HostAndPort
{
    /// <summary>Whether a text is one.</summary>
    public static bool IsOne(string text)
    {
        var at = text.LastIndexOf(':');
        return at > 0 && ushort.TryParse(text.AsSpan(at + 1), out var port) && port > 0;
    }

    /// <summary>Reads one.</summary>
    public static TensorAddress Parse(string text) => TensorAddress.Parse(text);
}
