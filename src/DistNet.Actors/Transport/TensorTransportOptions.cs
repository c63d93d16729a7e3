using System.Net;
using System.Text;

namespace DistNet.Actors.Transport;

/// <summary>What a <see cref="TensorTransport"/> is told when it starts. Every queue and every wait has its limit here.</summary>
public sealed record TensorTransportOptions
{
    /// <summary>Fewest bytes of a secret: who has seen one handshake can try guesses in peace, so short ones would be found.</summary>
    public const int MinSecretBytes = 16;

    /// <summary>Most bytes of UTF-8 of a cluster's name and of a node's id.</summary>
    public const int MaxNameBytes = 128;

    /// <summary>Most payload bytes any frame may have, whatever <see cref="MaxPayloadBytes"/> says: 1 GiB.</summary>
    public const int PayloadCeilingBytes = 1 << 30;

    /// <summary>The local address to listen on; the default is every address of the machine.</summary>
    public IPAddress ListenAddress { get; init; } = IPAddress.Any;

    /// <summary>TCP port to listen on; 0, the default, takes a free one.</summary>
    public int ListenPort { get; init; }

    /// <summary>The host by which other nodes reach this one.</summary>
    public string AdvertisedHost { get; init; } = "127.0.0.1";

    /// <summary>What every node of the cluster knows and nobody else; at least <see cref="MinSecretBytes"/> bytes.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Version of the messages that the frames carry; nodes of different versions refuse each other.</summary>
    public required int ProtocolVersion { get; init; }

    /// <summary>Name of the cluster or run; nodes of different clusters refuse each other.</summary>
    public required string Cluster { get; init; }

    /// <summary>Identity of this node; a newer connection of a node replaces its older one.</summary>
    public required string NodeId { get; init; }

    /// <summary>Most payload bytes of a frame, sent or received; default 256 MiB, at most <see cref="PayloadCeilingBytes"/>.</summary>
    public int MaxPayloadBytes { get; init; } = 1 << 28;

    /// <summary>Most bytes that wait for one peer; default 256 MiB, or what <see cref="TensorTransport.MakeRoomFor"/> says. A frame above it is taken only when
    /// nothing else waits. <see cref="TensorTransport.SendKept"/>
    /// does not count.</summary>
    public long QueueBytes { get; init; } = 1 << 28;

    /// <summary>Most frames that wait for one peer; default 1024.</summary>
    public int QueueFrames { get; init; } = 1024;

    /// <summary>Most connections that have not proven themselves; the oldest is closed for a newer one; default 64.</summary>
    public int MaxPendingHandshakes { get; init; } = 64;

    /// <summary>Most nodes that may send to this one at a time, each of which costs a thread; default 256.</summary>
    public int MaxPeers { get; init; } = 256;

    /// <summary>How long a dial, and then a handshake, may take; default 5 s.</summary>
    public TimeSpan HandshakeDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a peer may neither take nor give a byte in the middle of a frame; default 30 s.</summary>
    public TimeSpan StallDeadline { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a link that was lost waits before it dials again; doubles up to <see cref="MaxBackOff"/>; default 50 ms.</summary>
    public TimeSpan MinBackOff { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Longest wait before a dial; default 2 s.</summary>
    public TimeSpan MaxBackOff { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether sending writes as much as the socket takes at once on the caller's thread, before a thread of
    /// the link goes on; default true. It saves waking that thread, and costs the caller the copy into the socket. Linux only.</summary>
    public bool SendOnCallerThread { get; init; } = true;

    /// <summary>Nodes of the same domain can map each other's memory; empty, the default, for a node that
    /// shares none. At most <see cref="MaxNameBytes"/> bytes.</summary>
    public string MemoryDomain { get; init; } = "";

    /// <summary>Told one sentence for whatever a reader of logs should know; any thread; must not block or throw.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>Told when a connection is lost or cannot be made, after its frames were released; a thread of the link; must not block or throw.</summary>
    public Action<LinkLoss> LinkLost { get; init; } = static _ => { };

    /// <summary>The clock of deadlines and back-off.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal void Validate()
    {
        if (Secret.Length < MinSecretBytes)
            throw new ArgumentException($"The cluster secret has {Secret.Length} bytes; it needs at least {MinSecretBytes}.", nameof(Secret));
        ValidateName(Cluster, nameof(Cluster));
        ValidateName(NodeId, nameof(NodeId));
        if (MemoryDomain.Length > 0)
            ValidateName(MemoryDomain, nameof(MemoryDomain));
        ArgumentException.ThrowIfNullOrEmpty(AdvertisedHost);
        ArgumentOutOfRangeException.ThrowIfLessThan(ListenPort, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ListenPort, IPEndPoint.MaxPort);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPayloadBytes, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(MaxPayloadBytes, PayloadCeilingBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueBytes, 0);
        ArgumentOutOfRangeException.ThrowIfLessThan(QueueFrames, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPendingHandshakes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxPeers, 1);
        ThrowUnlessAtLeastAMillisecond(HandshakeDeadline, nameof(HandshakeDeadline));
        ThrowUnlessAtLeastAMillisecond(StallDeadline, nameof(StallDeadline));
        ThrowUnlessAtLeastAMillisecond(MinBackOff, nameof(MinBackOff));
        ArgumentOutOfRangeException.ThrowIfLessThan(MaxBackOff, MinBackOff);
    }

    private static void ValidateName(string name, string parameter)
    {
        ArgumentException.ThrowIfNullOrEmpty(name, parameter);
        if (Encoding.UTF8.GetByteCount(name) is var bytes && bytes > MaxNameBytes)
            throw new ArgumentException($"'{name}' has {bytes} bytes; at most {MaxNameBytes} are allowed.", parameter);
    }

    // Sockets count time-outs in whole milliseconds, and take 0 for "never".
    private static void ThrowUnlessAtLeastAMillisecond(TimeSpan value, string parameter) =>
        ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.FromMilliseconds(1), parameter);
}
