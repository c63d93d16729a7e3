using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>Everything on its way to one peer: a bounded queue, a connection that is dialled when there is something to send, and its thread.</summary>
/// <remarks>
/// Frames are written in the order they were taken, by one thread at a time: the caller's while the socket takes them at once, otherwise the
/// link's. The link's thread lives as long as the connection, and it alone opens and closes it.
/// </remarks>
internal sealed class PeerLink(TensorAddress address, Dialler dialler, TensorTransportOptions options, QueueRoom room, TransportCounts counts)
{
    // How often an idle connection is looked at, to see whether the peer has closed it.
    private static readonly TimeSpan IdleCheck = TimeSpan.FromMilliseconds(250);

    // So often the wait before a dial looks at the clock.
    private static readonly TimeSpan BackOffCheck = TimeSpan.FromMilliseconds(10);

    private readonly object _gate = new();
    private readonly FrameQueue _queue = new(room);

    // What follows is guarded by the gate.
    // Begun and not wholly written; touched by whoever has set _isWriting, or by the link's thread when nobody has.
    private OutgoingFrame? _current;
    private bool _isWriting;

    // Null unless the handshake is done and the connection lives.
    private OutgoingConnection? _connection;

    // The socket being dialled, to be shut down by Close.
    private Socket? _dialling;

    // Whether the peer of the connection can map this process's memory; read without the gate.
    private volatile bool _sharesMemory;

    // Why the connection is of no more use; set once for each.
    private string? _fault;
    private Thread? _thread;
    private bool _isClosed;

    // Used by the link's thread alone.
    private TimeSpan _backOff = TimeSpan.Zero;
    private long _lostAt;

    /// <summary>Whether the peer can map this process's memory; false while there is no connection.</summary>
    public bool SharesMemory => _sharesMemory;

    /// <summary>Takes a frame of floats, or drops it.</summary>
    /// <param name="kind">Of the frame.</param>
    /// <param name="metadata">Copied.</param>
    /// <param name="payload">Not copied.</param>
    /// <param name="countedBytes">Of the payload, as far as they count for <see cref="TensorTransportOptions.QueueBytes"/>.</param>
    /// <param name="release">See there.</param>
    /// <returns>False if it was dropped, its payload released.</returns>
    public bool Send(byte kind, ReadOnlySpan<byte> metadata, ReadOnlySpan<ReadOnlyMemory<float>> payload, long countedBytes, PayloadRelease release)
    {
        OutgoingFrame? frame = null;
        OutgoingConnection? direct = null;
        lock (_gate)
        {
            if (TryRent(countedBytes, metadata.Length, out frame))
            {
                frame.Begin(kind, metadata, payload, release);
                direct = Take(frame);
            }
        }
        return Finish(frame, direct, release);
    }

    /// <summary>Takes a frame of bytes, or drops it.</summary>
    /// <returns>False if it was dropped, its payload released.</returns>
    public bool Send(byte kind, ReadOnlySpan<byte> metadata, ReadOnlyMemory<byte> payload, PayloadRelease release)
    {
        OutgoingFrame? frame = null;
        OutgoingConnection? direct = null;
        lock (_gate)
        {
            if (TryRent(payload.Length, metadata.Length, out frame))
            {
                frame.Begin(kind, metadata, payload, release);
                direct = Take(frame);
            }
        }
        return Finish(frame, direct, release);
    }

    /// <summary>Ends the connection and drops what waits. Nothing is taken any more.</summary>
    public void Close()
    {
        lock (_gate)
        {
            _isClosed = true;
            _connection?.Shutdown();
            if (_dialling is not null)
                SocketSettings.Shutdown(_dialling, SocketShutdown.Both);
            Monitor.PulseAll(_gate);
        }
    }

    /// <summary>Waits until the link's thread has released everything.</summary>
    public bool Join(TimeSpan deadline)
    {
        Thread? thread;
        lock (_gate)
            thread = _thread;
        return thread is null || thread.Join(deadline);
    }

    private bool TryRent(long payloadBytes, int metadataBytes, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OutgoingFrame? frame)
    {
        long bytes = FrameFormat.HeaderBytes + metadataBytes + payloadBytes;
        frame = _isClosed || !_queue.HasRoom(bytes) ? null : _queue.Rent(bytes);
        return frame is not null;
    }

    // The connection to write to on this thread; null if the frame waits for the link's.
    private OutgoingConnection? Take(OutgoingFrame frame)
    {
        bool isIdle = _connection is not null && _fault is null && !_isWriting && _current is null && _queue.IsEmpty;
        if (isIdle && options.SendOnCallerThread && DirectSend.IsSupported)
        {
            _isWriting = true;
            return _connection;
        }
        _queue.Enqueue(frame);
        if (_thread is null)
            StartThread();
        else
            Monitor.Pulse(_gate);
        return null;
    }

    private bool Finish(OutgoingFrame? frame, OutgoingConnection? direct, PayloadRelease release)
    {
        if (frame is null)
        {
            counts.Dropped(1);
            release.Invoke();
            return false;
        }
        if (direct is not null)
            Write(direct, frame, mayWait: false);
        return true;
    }

    // Only who has set _isWriting comes here.
    private void Write(OutgoingConnection connection, OutgoingFrame frame, bool mayWait)
    {
        string? fault = connection.WhyClosed();
        WriteOutcome outcome = fault is null ? connection.Write(frame, mayWait, out fault) : WriteOutcome.Broken;
        if (outcome == WriteOutcome.Done)
        {
            counts.Sent(frame.Bytes);
            frame.Release();
        }
        lock (_gate)
        {
            _isWriting = false;
            _fault ??= fault;
            if (outcome == WriteOutcome.Done)
                _queue.Return(frame);
            else
                _current = frame;
            if (_fault is not null || _current is not null || !_queue.IsEmpty)
                Monitor.Pulse(_gate);
        }
    }

    private void StartThread()
    {
        Thread thread = new(Run, TensorTransport.ThreadStackBytes) { IsBackground = true, Name = $"tensor-send {address}" };
        thread.Start(); // which fails where the system has no more threads; the next frame tries again
        _thread = thread;
    }

    private void Run()
    {
        do
        {
            HandshakeRefusalKind? refusal = Connect();
            if (refusal is null)
                Serve();
            Lose(refusal);
        }
        while (IsMoreWaiting());
    }

    // Ends with a connection, or with a fault.
    private HandshakeRefusalKind? Connect()
    {
        try
        {
            if (!TryAwaitBackOff())
                return null;
            OutgoingConnection connection = dialler.Dial(address, Remember);
            lock (_gate)
                (_connection, _dialling, _sharesMemory) = (connection, null, connection.SharesMemory);
            _backOff = TimeSpan.Zero;
        }
        catch (HandshakeRefusedException refused)
        {
            lock (_gate)
                _fault = refused.Message.TrimEnd('.');
            return refused.Kind;
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException or ArgumentException)
        {
            lock (_gate)
                _fault = $"{address} cannot be reached: {failure.Message}";
        }
        return null;
    }

    private bool TryAwaitBackOff()
    {
        lock (_gate)
        {
            while (!_isClosed && _backOff > TimeSpan.Zero && options.Time.GetElapsedTime(_lostAt) < _backOff)
                Monitor.Wait(_gate, BackOffCheck);
            return !_isClosed;
        }
    }

    private void Remember(Socket socket)
    {
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _dialling = socket;
        }
    }

    private void Serve()
    {
        while (TryTakeNext(out OutgoingConnection? connection, out OutgoingFrame? frame))
            Write(connection!, frame!, mayWait: true);
    }

    private bool TryTakeNext(out OutgoingConnection? connection, out OutgoingFrame? frame)
    {
        lock (_gate)
        {
            connection = _connection;
            frame = null;
            while (!_isClosed && _fault is null && connection is not null && (_isWriting || (_current is null && _queue.IsEmpty)))
                if (!Monitor.Wait(_gate, IdleCheck) && !_isWriting)
                    _fault = connection.WhyClosed();
            if (_isClosed || _fault is not null || connection is null)
                return false;
            frame = _current ?? _queue.Dequeue();
            _current = null;
            _isWriting = true;
            return true;
        }
    }

    private void Lose(HandshakeRefusalKind? refusal)
    {
        List<OutgoingFrame> lost = [];
        OutgoingConnection? connection;
        string fault;
        bool isClosed;
        lock (_gate)
        {
            _connection?.Shutdown();
            while (_isWriting)
                Monitor.Wait(_gate, BackOffCheck);
            if (_current is not null)
                lost.Add(_current);
            while (!_queue.IsEmpty)
                lost.Add(_queue.Dequeue());
            (connection, fault, isClosed) = (_connection, _fault ?? "the link was closed", _isClosed);
            (_connection, _dialling, _current, _fault, _sharesMemory) = (null, null, null, null, false);
        }
        connection?.Dispose();
        Drop(lost);
        if (isClosed)
            return;
        _backOff = _backOff == TimeSpan.Zero ? options.MinBackOff : TimeSpan.FromTicks(Math.Min(options.MaxBackOff.Ticks, _backOff.Ticks * 2));
        _lostAt = options.Time.GetTimestamp();
        options.Log($"The link to {address} was lost: {fault}; {lost.Count} frames were dropped.");
        options.LinkLost(new LinkLoss(address, fault + ".", lost.Count, refusal));
    }

    private void Drop(List<OutgoingFrame> lost)
    {
        counts.Dropped(lost.Count);
        foreach (OutgoingFrame frame in lost)
            frame.Release();
        lock (_gate)
            foreach (OutgoingFrame frame in lost)
                _queue.Return(frame);
    }

    // What came while the loss was reported is the next connection's; without any, the thread ends, and the next send starts another.
    private bool IsMoreWaiting()
    {
        lock (_gate)
        {
            if (!_queue.IsEmpty)
                return true;
            _thread = null;
            return false;
        }
    }
}
