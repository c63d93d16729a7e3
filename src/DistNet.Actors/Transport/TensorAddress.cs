using System.Globalization;

namespace DistNet.Actors.Transport;

/// <summary>Where a node's <see cref="TensorTransport"/> listens, as other nodes see it.</summary>
/// <param name="Host">A name or a numeric address.</param>
/// <param name="Port">TCP port, 1..65535.</param>
public readonly record struct TensorAddress(string Host, int Port)
{
    /// <summary><c>host:port</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");

    /// <summary>Reads <c>host:port</c>.</summary>
    /// <exception cref="FormatException">It is not that.</exception>
    public static TensorAddress Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf(':');
        return at > 0 && int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and <= 65535
            ? new TensorAddress(text[..at], port)
            : throw new FormatException($"'{text}' is not host:port.");
    }
}
