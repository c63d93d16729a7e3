using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>Sends float vectors to other nodes and receives theirs, over TCP; one for each process.</summary>
/// <remarks>
/// <para>One connection for each ordered pair of nodes: the sender dials. So no two nodes dial each other at once and have to agree which
/// connection stays, each direction has a thread and a buffer of its own, and a receiver answers on a connection only to say why it closes it.</para>
/// <para>Delivery is at most once, in order on a connection. A lost connection drops what waited for it and reports <see cref="LinkLoss"/>; the
/// next send dials again after a back-off. Nothing is sent twice: whoever needs a frame to arrive asks again.</para>
/// <para>Frames are checked for faults, not encrypted, and their senders are known from the handshake alone: use it inside a network
/// where nobody rewrites others' packets.</para>
/// </remarks>
public sealed class TensorTransport : IAsyncDisposable
{
    /// <summary>Most bytes of metadata of a frame.</summary>
    public const int MaxMetadataBytes = 4096;

    /// <summary>Stack of each of the transport's threads; sinks and callbacks run on them.</summary>
    internal const int ThreadStackBytes = 1 << 19;

    private static readonly TimeSpan DisposeDeadline = TimeSpan.FromSeconds(5);

    private readonly TensorTransportOptions _options;
    private readonly IFrameSink _sink;
    private readonly Dialler _dialler;
    private readonly ConnectionListener _listener;
    private readonly TransportCounts _counts = new();
    private readonly QueueRoom _room;
    private readonly ConcurrentDictionary<TensorAddress, PeerLink> _links = new();
    private readonly Func<TensorAddress, PeerLink> _newLink;

    // Guards the receivers, of which each node has at most one, and what follows.
    private readonly Lock _gate = new();
    private readonly Dictionary<string, FrameReceiver> _receivers = [];
    private bool _isDisposed;

    private TensorTransport(TensorTransportOptions options, IFrameSink sink)
    {
        (_options, _sink) = (options, sink);
        NodeIdentity identity = new(options.ProtocolVersion, options.Cluster, options.NodeId, options.MemoryDomain);
        HandshakeProof proof = new(options.Secret.ToArray());
        _dialler = new Dialler(identity, proof, options);
        _room = new QueueRoom(options);
        _newLink = address => new PeerLink(address, _dialler, options, _room, _counts);
        _listener = new ConnectionListener(options, identity, proof, _counts, MayEnter, Receive);
    }

    /// <summary>Where it listens; the port is the one that was taken if none was named.</summary>
    public IPEndPoint LocalEndPoint => _listener.LocalEndPoint;

    /// <summary>Where other nodes reach it: the advertised host and the port it listens on.</summary>
    public TensorAddress Address => new(_options.AdvertisedHost, LocalEndPoint.Port);

    /// <summary>Whether some peers may map this process's memory.</summary>
    public bool SharesMemory => _options.MemoryDomain.Length > 0;

    /// <summary>Whether a peer can: it is known from the handshake, so not before the first frame is under way.</summary>
    public bool SharesMemoryWith(TensorAddress peer) => _links.TryGetValue(peer, out PeerLink? link) && link.SharesMemory;

    /// <summary>What it has done so far.</summary>
    public TransportCounters Counters => _counts.Now;

    /// <summary>Starts listening.</summary>
    /// <param name="options">Who this node is, and the limits.</param>
    /// <param name="sink">Takes what other nodes send.</param>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="PlatformNotSupportedException">This machine is big-endian; frames are little-endian memory.</exception>
    /// <exception cref="SocketException">The port is taken, or the address is not this machine's.</exception>
    public static TensorTransport Listen(TensorTransportOptions options, IFrameSink sink)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(sink);
        options.Validate();
        if (!BitConverter.IsLittleEndian)
            throw new PlatformNotSupportedException("DistNet sends floats as little-endian memory, and this machine is big-endian.");
        return new TensorTransport(options, sink);
    }

    /// <summary>Has at least so many bytes wait for each peer, whatever <see cref="TensorTransportOptions.QueueBytes"/> says; the last call counts.</summary>
    /// <remarks>What a step sends to a peer is not sent again within a generation: dropped for want of room, it would be dropped each time.</remarks>
    public void MakeRoomFor(long bytes) => _room.MakeFor(bytes);

    /// <summary>Sends a frame of floats, or drops it; never waits.</summary>
    /// <param name="to">The receiver's <see cref="Address"/>.</param>
    /// <param name="kind">Meaning of the frame, the application's choice.</param>
    /// <param name="metadata">At most <see cref="MaxMetadataBytes"/> bytes; copied.</param>
    /// <param name="payload">The floats, one segment after another; not copied, so not to be written before the release.</param>
    /// <param name="release">Called exactly once, when the payload is no longer read: written, or dropped for whatever reason. It may be called
    /// before this method returns and on any thread, and must not throw. Not called if this method throws.</param>
    /// <param name="state">Passed to <paramref name="release"/>, so that it need not capture anything.</param>
    /// <returns>False if the frame was dropped because too much waits for the peer, or the transport was disposed. True is no promise of delivery.</returns>
    /// <exception cref="ArgumentException">Metadata or payload is longer than allowed.</exception>
    public bool Send(
        TensorAddress to,
        byte kind,
        ReadOnlySpan<byte> metadata,
        ReadOnlySpan<ReadOnlyMemory<float>> payload,
        Action<object?>? release = null,
        object? state = null) => Send(to, kind, metadata, payload, release, state, isBounded: true);

    /// <summary>Sends a frame of floats that are kept anyway, so that waiting costs no memory:
    /// <see cref="TensorTransportOptions.QueueBytes"/> is not for it.</summary>
    /// <inheritdoc cref="Send(TensorAddress, byte, ReadOnlySpan{byte}, ReadOnlySpan{ReadOnlyMemory{float}}, Action{object}, object)"/>
    public bool SendKept(
        TensorAddress to, byte kind, ReadOnlySpan<byte> metadata, ReadOnlySpan<ReadOnlyMemory<float>> payload, Action<object?>? release = null, object? state = null) =>
        Send(to, kind, metadata, payload, release, state, isBounded: false);


    /// <summary>Sends a range of a pooled vector and releases one holder of the buffer when it is written or dropped.</summary>
    /// <inheritdoc cref="Send(TensorAddress, byte, ReadOnlySpan{byte}, ReadOnlySpan{ReadOnlyMemory{float}}, Action{object}, object)"/>
    public bool Send(TensorAddress to, byte kind, ReadOnlySpan<byte> metadata, TensorBuffer buffer, Range range)
    {
        ArgumentNullException.ThrowIfNull(buffer);
        ReadOnlyMemory<float> payload = buffer.Memory[range];
        return Send(to, kind, metadata, new ReadOnlySpan<ReadOnlyMemory<float>>(in payload), static held => ((TensorBuffer)held!).Release(), buffer);
    }

    /// <summary>Sends a frame of bytes, or drops it; never waits.</summary>
    /// <inheritdoc cref="Send(TensorAddress, byte, ReadOnlySpan{byte}, ReadOnlySpan{ReadOnlyMemory{float}}, Action{object}, object)"/>
    public bool SendBytes(
        TensorAddress to, byte kind, ReadOnlySpan<byte> metadata, ReadOnlyMemory<byte> payload, Action<object?>? release = null, object? state = null)
    {
        ThrowIfTooLong(metadata, payload.Length);
        return Link(to).Send(kind, metadata, payload, new PayloadRelease(release, state));
    }

    /// <summary>Dials a peer, goes through the handshake and hangs up: whether the two could talk.</summary>
    /// <remarks>Ask before sending: at the peer this connection replaces the one that is open, whose link is then lost.</remarks>
    /// <param name="address">The peer.</param>
    /// <returns>Node id of the peer, within the deadlines of the options.</returns>
    /// <exception cref="HandshakeRefusedException">One of the two refused the other, or the peer did not answer; the message is for a user.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public Task<string> VerifyPeerAsync(TensorAddress address) => Task.Factory.StartNew(
        () =>
        {
            using OutgoingConnection connection = _dialler.Dial(address, static _ => { });
            return connection.Peer;
        },
        CancellationToken.None,
        TaskCreationOptions.LongRunning,
        TaskScheduler.Default);

    /// <summary>Closes the link to a node that has left and drops what waits for it. A later send opens another.</summary>
    public void Forget(TensorAddress address)
    {
        if (_links.TryRemove(address, out PeerLink? link))
            link.Close();
    }

    /// <summary>Closes everything: what waits is dropped and released, what is being received is abandoned. Ends within a few seconds, whatever the
    /// peers do.</summary>
    public async ValueTask DisposeAsync()
    {
        FrameReceiver[] receivers;
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            receivers = [.. _receivers.Values];
        }
        _listener.Dispose();
        foreach (FrameReceiver receiver in receivers)
            receiver.Stop();
        foreach (PeerLink link in _links.Values)
            link.Close();
        await Task.Factory.StartNew(() => Join(receivers), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default).ConfigureAwait(false);
    }

    // A sink or a callback that never returns keeps its thread, not the disposer; the threads do not keep the process.
    private void Join(FrameReceiver[] receivers)
    {
        long started = _options.Time.GetTimestamp();
        bool isJoined = _listener.Join(Left());
        foreach (FrameReceiver receiver in receivers)
            isJoined &= receiver.Join(Left());
        foreach (PeerLink link in _links.Values)
            isJoined &= link.Join(Left());
        if (!isJoined)
            _options.Log("A thread of the tensor transport did not end; a callback may hang.");

        TimeSpan Left()
        {
            TimeSpan left = DisposeDeadline - _options.Time.GetElapsedTime(started);
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private bool Send(
        TensorAddress to, byte kind, ReadOnlySpan<byte> metadata, ReadOnlySpan<ReadOnlyMemory<float>> payload, Action<object?>? release, object? state, bool isBounded)
    {
        long bytes = 0;
        foreach (ReadOnlyMemory<float> segment in payload)
            bytes += (long)segment.Length * sizeof(float);
        ThrowIfTooLong(metadata, bytes);
        return Link(to).Send(kind, metadata, payload, isBounded ? bytes : 0, new PayloadRelease(release, state));
    }

    private PeerLink Link(TensorAddress to)
    {
        PeerLink link = _links.GetOrAdd(to, _newLink);
        lock (_gate)
        {
            if (_isDisposed)
                link.Close();
        }
        return link;
    }

    private void ThrowIfTooLong(ReadOnlySpan<byte> metadata, long payloadBytes)
    {
        if (metadata.Length > MaxMetadataBytes)
            throw new ArgumentException($"The metadata has {metadata.Length} bytes; at most {MaxMetadataBytes} are allowed.", nameof(metadata));
        if (payloadBytes > _options.MaxPayloadBytes)
            throw new ArgumentException($"The payload has {payloadBytes} bytes; at most {_options.MaxPayloadBytes} are allowed.", nameof(payloadBytes));
    }

    private HandshakeRefusedException? MayEnter(Socket socket, string peer)
    {
        lock (_gate)
        {
            return _receivers.Count < _options.MaxPeers || _receivers.ContainsKey(peer)
                ? null
                : new HandshakeRefusedException(HandshakeRefusalKind.Full, $"{_options.NodeId} has {_options.MaxPeers} peers, as many as it may have");
        }
    }

    private void Receive(Socket socket, string peer)
    {
        lock (_gate)
        {
            if (_isDisposed)
            {
                socket.Dispose();
                return;
            }
            _receivers.Remove(peer, out FrameReceiver? older);
            FrameReceiver receiver = new(socket, peer, older, _sink, _options, _counts, Ended);
            _receivers.Add(peer, receiver);
            receiver.Start();
        }
    }

    private void Ended(FrameReceiver receiver)
    {
        lock (_gate)
        {
            if (_receivers.TryGetValue(receiver.Peer, out FrameReceiver? current) && current == receiver)
                _receivers.Remove(receiver.Peer);
        }
    }
}
