using System.Globalization;

namespace DistNet.Actors.Transport;

/// <summary>Where a node's <see cref="TensorTransport"/> listens, as other nodes see it.</summary>
/// <param name="Host">A name or a numeric address.</param>
/// <param name="Port">TCP port, 1..65535.</param>
public readonly record struct TensorAddress(string Host, int Port)
{
    /// <summary><c>host:port</c>.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Host}:{Port}");
}
