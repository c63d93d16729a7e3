using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>Reads the frames of one peer on a thread of its own, straight into the memory that the sink lends.</summary>
/// <remarks>A thread that waits in the socket is woken by the operating system alone; through .NET's event loop a wake-up passes two threads.</remarks>
internal sealed class FrameReceiver
{
    /// <summary>Most bytes read at a time: the checksum takes them from the cache that the read has filled. In smaller pieces the system calls cost more
    /// than that brings.</summary>
    private const int PieceBytes = 1 << 20;

    private const int SkipBytes = 1 << 14;

    private readonly Socket _socket;
    private FrameReceiver? _older;
    private readonly IFrameSink _sink;
    private readonly TensorTransportOptions _options;
    private readonly TransportCounts _counts;
    private readonly Action<FrameReceiver> _ended;
    private readonly Thread _thread;
    private readonly PayloadChecksum _checksum = new();
    private readonly byte[] _headerBytes = new byte[FrameFormat.HeaderBytes];
    private readonly byte[] _metadata = new byte[TensorTransport.MaxMetadataBytes];

    // Allocated when the first frame is skipped.
    private byte[]? _skipped;

    // The first reason why the connection ends; null while it lives, and when the peer ended it between two frames.
    private string? _fault;
    private volatile bool _isStopping;

    /// <summary>A receiver of a peer that has proven itself.</summary>
    /// <param name="socket">The connection; owned.</param>
    /// <param name="peer">Node id of the sender.</param>
    /// <param name="older">The receiver of the same node's connection before; ended before this one reads, so that the sink sees one at a time.</param>
    /// <param name="sink">Takes the frames.</param>
    /// <param name="options">The limits.</param>
    /// <param name="counts">Counts frames.</param>
    /// <param name="ended">Told when the thread ends.</param>
    public FrameReceiver(
        Socket socket,
        string peer,
        FrameReceiver? older,
        IFrameSink sink,
        TensorTransportOptions options,
        TransportCounts counts,
        Action<FrameReceiver> ended)
    {
        (_socket, Peer, _older, _sink, _options, _counts, _ended) = (socket, peer, older, sink, options, counts, ended);
        _thread = new Thread(Run, TensorTransport.ThreadStackBytes) { IsBackground = true, Name = "tensor-receive " + peer };
    }

    /// <summary>Node id of the sender.</summary>
    public string Peer { get; }

    /// <summary>Begins to read.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends the connection, in the middle of a frame if need be.</summary>
    public void Stop()
    {
        _isStopping = true;
        SocketSettings.Shutdown(_socket, SocketShutdown.Both);
    }

    /// <summary>Waits for the thread's end.</summary>
    public bool Join(TimeSpan deadline) => _thread.Join(deadline);

    private void Run()
    {
        try
        {
            while (TryEndOlder() && TryReadFrame())
            {
            }
        }
        catch (Exception failure)
        {
            // The sink's, which judges metadata that came from elsewhere: its quarrel with one peer must not end the process.
            _fault = $"a frame was not understood: {failure.Message}";
        }
        Close();
    }

    // Two connections of one peer would deliver its frames out of order.
    private bool TryEndOlder()
    {
        _older?.Stop();
        if (_older?.Join(_options.StallDeadline) == false)
            _fault = $"the one before it did not end within {_options.StallDeadline.TotalSeconds:0} seconds";
        _older = null;
        return _fault is null;
    }

    private void Close()
    {
        if (_fault is not null && !_isStopping)
        {
            _options.Log($"The connection from {Peer} was closed: {_fault}.");
            _socket.Send(HandshakeMessage.WriteRefusal(HandshakeRefusalKind.Malformed, _fault), SocketFlags.None, out _);
            SocketSettings.Shutdown(_socket, SocketShutdown.Send);
        }
        _socket.Dispose();
        _ended(this);
    }

    private bool TryReadFrame()
    {
        if (!TryRead(_headerBytes, isBetweenFrames: true))
            return false;
        _fault = FrameFormat.TryReadHeader(_headerBytes, Peer, _options.MaxPayloadBytes, out FrameHeader header, out int metadataLength);
        if (_fault is not null)
            return false;
        Span<byte> metadata = _metadata.AsSpan(0, metadataLength);
        if (!TryRead(metadata))
            return false;
        if (!FrameFormat.IsMetadataRight(_headerBytes, metadata))
        {
            _fault = "the checksum of a frame's metadata is wrong";
            return false;
        }
        return _sink.TryAccept(header, metadata, out PayloadTarget target)
            ? TryReadPayload(header, metadata, target)
            : TrySkipPayload(header, metadataLength);
    }

    private bool TryReadPayload(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
    {
        bool isWhole = false;
        try
        {
            if (!target.Fits(header))
                throw new InvalidOperationException($"the memory for {header.Length} {header.Element} elements has another size");
            isWhole = TryReadPayload(target.Span);
        }
        finally
        {
            if (!isWhole)
            {
                _counts.Abandoned();
                _sink.Abandon(header, metadata, target);
            }
        }
        if (!isWhole)
            return false;
        _counts.Received(FrameBytes(header, metadata.Length));
        _sink.Complete(header, metadata, target);
        return true;
    }

    private bool TryReadPayload(Span<byte> payload)
    {
        _checksum.Reset();
        while (!payload.IsEmpty)
        {
            int read = Receive(payload.Length > PieceBytes ? payload[..PieceBytes] : payload, isBetweenFrames: false);
            if (read == 0)
                return false;
            _checksum.Append(payload[..read]);
            payload = payload[read..];
        }
        if (FrameFormat.PayloadChecksum(_headerBytes) == _checksum.Finish())
            return true;
        _fault = "the checksum of a frame's payload is wrong";
        return false;
    }

    private bool TrySkipPayload(in FrameHeader header, int metadataBytes)
    {
        _skipped ??= new byte[SkipBytes];
        for (int left = header.PayloadBytes; left > 0;)
        {
            int read = Receive(_skipped.AsSpan(0, Math.Min(left, _skipped.Length)), isBetweenFrames: false);
            if (read == 0)
                return false;
            left -= read;
        }
        _counts.Refused(FrameBytes(header, metadataBytes));
        return true;
    }

    private bool TryRead(Span<byte> target, bool isBetweenFrames = false)
    {
        while (!target.IsEmpty)
        {
            int read = Receive(target, isBetweenFrames);
            if (read == 0)
                return false;
            target = target[read..];
            isBetweenFrames = false;
        }
        return true;
    }

    // At least one byte, or 0 when the connection is to be closed. Between two frames a peer may be silent for as long as it likes.
    private int Receive(Span<byte> target, bool isBetweenFrames)
    {
        while (!_isStopping)
        {
            int read = _socket.Receive(target, SocketFlags.None, out SocketError error);
            bool isIdle = error is SocketError.TimedOut or SocketError.WouldBlock;
            if (isIdle && isBetweenFrames)
                continue;
            if (isIdle)
                _fault = $"no byte has come for {_socket.ReceiveTimeout} ms in the middle of a frame";
            else if (error != SocketError.Success)
                _fault = "it broke";
            else if (read == 0 && !isBetweenFrames)
                _fault = "it ended in the middle of a frame";
            return error == SocketError.Success ? read : 0;
        }
        return 0;
    }

    private static long FrameBytes(in FrameHeader header, int metadataBytes) =>
        FrameFormat.HeaderBytes + metadataBytes + (long)header.PayloadBytes;
}
