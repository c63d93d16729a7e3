using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace DistNet.Actors.Transport;

/// <summary>How a node introduces itself: the body of hello and challenge.</summary>
/// <param name="ProtocolVersion">Nodes of different versions refuse each other.</param>
/// <param name="Cluster">And so do nodes of different clusters.</param>
/// <param name="NodeId">Which node of the cluster.</param>
/// <param name="MemoryDomain">Nodes of the same domain can map each other's memory; empty for one that shares none.</param>
/// <remarks>The version comes first and stays there for ever, so that nodes of any two versions can tell each other so.</remarks>
internal sealed record NodeIdentity(int ProtocolVersion, string Cluster, string NodeId, string MemoryDomain = "")
{
    /// <summary>A message with a nonce that nobody has seen before.</summary>
    public byte[] Write(HandshakeStep step)
    {
        Span<byte> body = stackalloc byte[HandshakeMessage.MaxBytes];
        BinaryPrimitives.WriteInt32LittleEndian(body, ProtocolVersion);
        RandomNumberGenerator.Fill(body.Slice(sizeof(int), HandshakeMessage.NonceBytes));
        int length = sizeof(int) + HandshakeMessage.NonceBytes;
        length += WriteName(body[length..], Cluster);
        length += WriteName(body[length..], NodeId);
        length += WriteName(body[length..], MemoryDomain);
        return HandshakeMessage.Write(step, body[..length]);
    }

    /// <summary>The protocol version of a body of any version.</summary>
    public static bool TryReadVersion(ReadOnlySpan<byte> body, out int version) => BinaryPrimitives.TryReadInt32LittleEndian(body, out version);

    /// <summary>Who the peer says it is, which the proofs will cover.</summary>
    public static NodeIdentity? TryRead(ReadOnlySpan<byte> body)
    {
        if (!TryReadVersion(body, out int version) || body.Length < sizeof(int) + HandshakeMessage.NonceBytes)
            return null;
        ReadOnlySpan<byte> names = body[(sizeof(int) + HandshakeMessage.NonceBytes)..];
        return TryReadName(ref names, 1, out string cluster) && TryReadName(ref names, 1, out string node) && TryReadName(ref names, 0, out string domain) && names.IsEmpty
            ? new NodeIdentity(version, cluster, node, domain)
            : null;
    }

    /// <summary>Why this node does not talk to another; null if it does.</summary>
    public HandshakeRefusedException? Object(ReadOnlySpan<byte> body)
    {
        if (!TryReadVersion(body, out int version))
            return new(HandshakeRefusalKind.Malformed, "what arrived is no handshake");
        if (version != ProtocolVersion)
            return new(HandshakeRefusalKind.ProtocolVersion, $"{NodeId} speaks protocol version {ProtocolVersion} and its peer version {version}; run the same release on all nodes");
        if (TryRead(body) is not { } peer)
            return new(HandshakeRefusalKind.Malformed, "what arrived is no handshake");
        return peer.Cluster == Cluster
            ? null
            : new(HandshakeRefusalKind.Cluster, $"{NodeId} belongs to cluster '{Cluster}' and {peer.NodeId} to '{peer.Cluster}'");
    }

    /// <summary>Whether this node and a peer can map each other's memory.</summary>
    public bool SharesMemoryWith(NodeIdentity peer) => MemoryDomain.Length > 0 && peer.MemoryDomain == MemoryDomain;

    private static int WriteName(Span<byte> target, string name)
    {
        int bytes = Encoding.UTF8.GetBytes(name, target[1..]);
        target[0] = (byte)bytes;
        return 1 + bytes;
    }

    // Strangers do not get control characters into the log.
    private static bool TryReadName(ref ReadOnlySpan<byte> bytes, int fewestBytes, out string name)
    {
        name = "";
        if (bytes.IsEmpty || bytes[0] < fewestBytes || bytes[0] > TensorTransportOptions.MaxNameBytes || bytes.Length < 1 + bytes[0])
            return false;
        name = Encoding.UTF8.GetString(bytes.Slice(1, bytes[0]));
        bytes = bytes[(1 + bytes[0])..];
        return !name.Any(char.IsControl);
    }
}
