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
    public static TensorAddress Parse(string text) =>
        TryParse(text, out TensorAddress address) ? address : throw new FormatException($"'{text}' is not host:port.");

    /// <summary>The same, of text that came from elsewhere.</summary>
    /// <returns>False if it is not <c>host:port</c>.</returns>
    public static bool TryParse(string text, out TensorAddress address)
    {
        ArgumentNullException.ThrowIfNull(text);
        int at = text.LastIndexOf(':');
        bool isAddress = int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && at > 0
            && port is > 0 and <= 65535 && !text.Any(char.IsWhiteSpace);
        address = isAddress ? new TensorAddress(text[..at], port) : default;
        return isAddress;
    }
}
