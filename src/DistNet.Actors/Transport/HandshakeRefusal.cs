namespace DistNet.Actors.Transport;

/// <summary>Why two nodes do not talk to each other. The numbers are on the wire.</summary>
public enum HandshakeRefusalKind
{
    /// <summary>What arrived is no handshake of DistNet's tensor transport.</summary>
    Malformed = 1,

    /// <summary>The nodes run different protocol versions.</summary>
    ProtocolVersion = 2,

    /// <summary>The nodes belong to different clusters.</summary>
    Cluster = 3,

    /// <summary>One of the nodes does not know the cluster's secret.</summary>
    Secret = 4,

    /// <summary>The listener has as many peers as it may have.</summary>
    Full = 5,

    /// <summary>The peer did not answer before the deadline, or closed the connection without a word.</summary>
    NoAnswer = 6,
}

/// <summary>A handshake ended without an agreement; the message is one sentence for a user.</summary>
public sealed class HandshakeRefusedException(HandshakeRefusalKind kind, string message) : IOException(message)
{
    /// <summary>Why.</summary>
    public HandshakeRefusalKind Kind => kind;
}
