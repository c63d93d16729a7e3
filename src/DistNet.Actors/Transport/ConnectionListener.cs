using System.Net;
using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>One thread that accepts connections and goes through the listener's side of all handshakes.</summary>
/// <remarks>
/// It never waits for a single stranger: it reads only what has arrived. A stranger costs a socket and a small buffer, there are at most
/// <see cref="TensorTransportOptions.MaxPendingHandshakes"/> of them, and the oldest makes room for the newest.
/// </remarks>
internal sealed class ConnectionListener : IDisposable
{
    // Where shutting the socket down does not end the wait, this does.
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(250);
    private const int Backlog = 512;

    private readonly TensorTransportOptions _options;
    private readonly NodeIdentity _identity;
    private readonly HandshakeProof _proof;
    private readonly TransportCounts _counts;
    private readonly RareLog _log;
    private readonly Func<Socket, string, HandshakeRefusedException?> _mayEnter;
    private readonly Action<Socket, string> _entered;
    private readonly Socket _socket;
    private readonly Thread _thread;

    // In the order of their arrival; used by the thread alone.
    private readonly List<PendingHandshake> _pending = [];
    private readonly List<Socket> _readable = [];
    private volatile bool _isStopping;

    /// <summary>Begins to listen.</summary>
    /// <param name="options">Where, and the limits.</param>
    /// <param name="identity">Who this node is.</param>
    /// <param name="proof">Who knows the secret.</param>
    /// <param name="counts">Counts refusals.</param>
    /// <param name="mayEnter">Asked when a peer has proven itself.</param>
    /// <param name="entered">Takes the connection of a peer that was welcomed.</param>
    public ConnectionListener(
        TensorTransportOptions options,
        NodeIdentity identity,
        HandshakeProof proof,
        TransportCounts counts,
        Func<Socket, string, HandshakeRefusedException?> mayEnter,
        Action<Socket, string> entered)
    {
        (_options, _identity, _proof, _counts, _mayEnter, _entered) = (options, identity, proof, counts, mayEnter, entered);
        _log = new RareLog(options.Log, options.Time);
        _socket = new Socket(options.ListenAddress.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            _socket.Bind(new IPEndPoint(options.ListenAddress, options.ListenPort));
            _socket.Listen(Backlog);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
        LocalEndPoint = (IPEndPoint)_socket.LocalEndPoint!;
        _thread = new Thread(Loop, TensorTransport.ThreadStackBytes) { IsBackground = true, Name = "tensor-listener" };
        _thread.Start();
    }

    /// <summary>Where it listens.</summary>
    public IPEndPoint LocalEndPoint { get; }

    /// <summary>Stops listening; the thread closes what it holds.</summary>
    public void Dispose()
    {
        _isStopping = true;
        SocketSettings.Shutdown(_socket, SocketShutdown.Both);
    }

    /// <summary>Waits for the thread's end.</summary>
    public bool Join(TimeSpan deadline) => _thread.Join(deadline);

    private void Loop()
    {
        while (!_isStopping)
        {
            _readable.Clear();
            _readable.Add(_socket);
            foreach (PendingHandshake pending in _pending)
                _readable.Add(pending.Socket);
            Socket.Select(_readable, null, null, UntilNextDeadline());
            if (_isStopping)
                break;
            for (int i = _pending.Count - 1; i >= 0; i--)
                if (_readable.Contains(_pending[i].Socket))
                    Advance(_pending[i]);
            if (_readable.Contains(_socket))
                Accept();
            CloseOverdue();
        }
        foreach (PendingHandshake pending in _pending)
            pending.Socket.Dispose();
        _socket.Dispose();
    }

    private TimeSpan UntilNextDeadline()
    {
        if (_pending.Count == 0)
            return LongestWait;
        TimeSpan left = _options.HandshakeDeadline - _options.Time.GetElapsedTime(_pending[0].Accepted);
        return left < TimeSpan.Zero ? TimeSpan.Zero : left < LongestWait ? left : LongestWait;
    }

    private void Accept()
    {
        Socket? socket = null;
        try
        {
            socket = _socket.Accept();
            SocketSettings.Prepare(socket, _options.HandshakeDeadline);
        }
        catch (SocketException failure)
        {
            socket?.Dispose();
            _log.Write($"A connection could not be accepted: {failure.Message}.");
            return;
        }
        if (_pending.Count >= _options.MaxPendingHandshakes)
            Refuse(_pending[0], new(HandshakeRefusalKind.Full, "too many newer connections wait to prove themselves"));
        _pending.Add(new PendingHandshake(socket, _options.Time.GetTimestamp(), _identity, _proof));
    }

    private void Advance(PendingHandshake pending)
    {
        try
        {
            pending.Advance();
            if (pending.Peer is null)
                return;
            if (_mayEnter(pending.Socket, pending.Peer) is { } refusal)
                throw refusal;
            _pending.Remove(pending);
            SocketSettings.SetTimeouts(pending.Socket, _options.StallDeadline);
            pending.Welcome();
            _entered(pending.Socket, pending.Peer);
        }
        catch (HandshakeRefusedException refusal)
        {
            Refuse(pending, refusal);
        }
    }

    private void CloseOverdue()
    {
        while (_pending.Count > 0 && _options.Time.GetElapsedTime(_pending[0].Accepted) >= _options.HandshakeDeadline)
            Refuse(_pending[0], new(HandshakeRefusalKind.NoAnswer, "it did not complete the handshake before the deadline"));
    }

    private void Refuse(PendingHandshake pending, HandshakeRefusedException refusal)
    {
        _counts.HandshakeRefused();
        _log.Write($"A connection from {SocketSettings.RemoteName(pending.Socket)} was refused: {refusal.Message}.");
        pending.Tell(refusal);
        SocketSettings.Shutdown(pending.Socket, SocketShutdown.Send);
        pending.Socket.Dispose();
        _pending.Remove(pending);
    }
}
