using System.Net;
using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>Connects to a peer and goes through the dialler's side of the handshake, on the caller's thread.</summary>
internal sealed class Dialler(NodeIdentity identity, HandshakeProof proof, TensorTransportOptions options)
{
    /// <summary>Dials.</summary>
    /// <param name="address">The peer.</param>
    /// <param name="connecting">Told of each socket before it is used, so that another thread can end the wait by shutting it down.</param>
    /// <exception cref="HandshakeRefusedException">One of the two refused the other, or the peer did not answer.</exception>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    public OutgoingConnection Dial(TensorAddress address, Action<Socket> connecting)
    {
        Socket socket = Connect(address, connecting);
        try
        {
            NodeIdentity peer = Agree(socket, address);
            SocketSettings.SetTimeouts(socket, options.StallDeadline);
            return new OutgoingConnection(socket, peer.NodeId, identity.SharesMemoryWith(peer));
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private Socket Connect(TensorAddress address, Action<Socket> connecting)
    {
        SocketException? failure = null;
        foreach (IPAddress candidate in Dns.GetHostAddresses(address.Host))
        {
            Socket socket = new(candidate.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
            try
            {
                connecting(socket);
                SocketSettings.Prepare(socket, options.HandshakeDeadline);
                socket.Connect(candidate, address.Port);
                return socket;
            }
            catch (SocketException refused)
            {
                socket.Dispose();
                failure = refused;
            }
            catch (ObjectDisposedException)
            {
                socket.Dispose();
                throw;
            }
        }
        throw failure ?? new SocketException((int)SocketError.HostNotFound);
    }

    private NodeIdentity Agree(Socket socket, TensorAddress address)
    {
        long started = options.Time.GetTimestamp();
        Span<byte> challengeBytes = stackalloc byte[HandshakeMessage.MaxBytes], welcomeBytes = stackalloc byte[HandshakeMessage.MaxBytes];
        byte[] hello = identity.Write(HandshakeStep.Hello);
        Say(socket, address, hello);
        HandshakeMessage challenge = Hear(socket, address, challengeBytes, HandshakeStep.Challenge, started);
        if (identity.Object(challenge.Body) is { } objection)
            throw Refuse(socket, objection);
        NodeIdentity peer = NodeIdentity.TryRead(challenge.Body)!;

        Say(socket, address, HandshakeMessage.Write(HandshakeStep.Proof, proof.OfDialler(hello, challenge.Bytes)));
        HandshakeMessage welcome = Hear(socket, address, welcomeBytes, HandshakeStep.Welcome, started);
        if (!HandshakeProof.IsRight(proof.OfListener(hello, challenge.Bytes), welcome.Body))
            throw Refuse(socket, new(HandshakeRefusalKind.Secret, $"{peer.NodeId} at {address} does not know the cluster's secret"));
        return peer;
    }

    private static void Say(Socket socket, TensorAddress address, ReadOnlySpan<byte> message)
    {
        if (socket.Send(message, SocketFlags.None, out SocketError error) != message.Length || error != SocketError.Success)
            throw NoAnswer(address);
    }

    private HandshakeMessage Hear(Socket socket, TensorAddress address, Span<byte> buffer, HandshakeStep expected, long started)
    {
        int filled = 0;
        HandshakeMessage message;
        MessageState state;
        while ((state = HandshakeMessage.TryRead(buffer[..filled], out message)) == MessageState.Partial)
        {
            TimeSpan left = options.HandshakeDeadline - options.Time.GetElapsedTime(started);
            if (left <= TimeSpan.Zero)
                throw NoAnswer(address);
            SocketSettings.SetTimeouts(socket, left);
            int read = socket.Receive(buffer[filled..], SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || read == 0)
                throw NoAnswer(address);
            filled += read;
        }
        if (state == MessageState.Whole && message.TryReadRefusal(out HandshakeRefusalKind kind, out string sentence))
            throw new HandshakeRefusedException(kind, $"{address} refused the connection: {sentence}.");
        return state == MessageState.Whole && message.Step == expected
            ? message
            : throw new HandshakeRefusedException(HandshakeRefusalKind.Malformed, $"What listens at {address} is no tensor transport of DistNet.");
    }

    private static HandshakeRefusedException Refuse(Socket socket, HandshakeRefusedException objection)
    {
        socket.Send(HandshakeMessage.WriteRefusal(objection.Kind, objection.Message), SocketFlags.None, out _);
        return new HandshakeRefusedException(objection.Kind, $"The connection was refused: {objection.Message}.");
    }

    private static HandshakeRefusedException NoAnswer(TensorAddress address) =>
        new(HandshakeRefusalKind.NoAnswer, $"{address} did not complete the handshake.");
}
