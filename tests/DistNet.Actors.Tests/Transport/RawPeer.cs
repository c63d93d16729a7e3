using System.Net.Sockets;
using DistNet.Actors.Transport;

namespace DistNet.Actors.Tests.Transport;

/// <summary>A plain socket that says whatever a test wants to a transport.</summary>
internal sealed class RawPeer : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
    {
        NoDelay = true,
        ReceiveTimeout = (int)TransportNodes.Deadline.TotalMilliseconds,
        SendTimeout = (int)TransportNodes.Deadline.TotalMilliseconds,
    };

    public RawPeer(TensorTransport transport) => _socket.Connect(transport.LocalEndPoint);

    private RawPeer(Socket socket) => _socket = socket;

    public static RawPeer Accept(Socket listener) => new(listener.Accept());

    /// <summary>A peer that knows the secret.</summary>
    public static RawPeer Proven(TensorTransport transport, TensorTransportOptions options)
    {
        RawPeer peer = new(transport);
        byte[] hello = Identity(options).Write(HandshakeStep.Hello);
        peer.Write(hello);
        byte[] challenge = peer.ReadMessage();
        peer.Write(HandshakeMessage.Write(HandshakeStep.Proof, new HandshakeProof(options.Secret).OfDialler(hello, challenge)));
        Assert.Equal((byte)HandshakeStep.Welcome, peer.ReadMessage()[4]);
        return peer;
    }

    public static NodeIdentity Identity(TensorTransportOptions options) => new(options.ProtocolVersion, options.Cluster, options.NodeId);

    /// <summary>The bytes of a frame.</summary>
    public static byte[] Frame(byte kind, byte[] metadata, byte[] payload)
    {
        PayloadChecksum checksum = new();
        checksum.Reset();
        checksum.Append(payload);
        byte[] head = new byte[FrameFormat.HeaderBytes + metadata.Length];
        FrameFormat.WriteHead(head, kind, PayloadElement.Byte, payload.Length, metadata);
        FrameFormat.CompleteHead(head, checksum.Finish());
        return [.. head, .. payload];
    }

    /// <summary>The listener's side of a handshake, welcoming anybody.</summary>
    public void Welcome(TensorTransportOptions options)
    {
        byte[] hello = ReadMessage();
        byte[] challenge = Identity(options).Write(HandshakeStep.Challenge);
        Write(challenge);
        ReadMessage();
        Write(HandshakeMessage.Write(HandshakeStep.Welcome, new HandshakeProof(options.Secret).OfListener(hello, challenge)));
    }

    public void Write(ReadOnlySpan<byte> bytes) => _socket.Send(bytes);

    public byte[] Read(int bytes)
    {
        byte[] read = new byte[bytes];
        for (int filled = 0; filled < bytes;)
        {
            int count = _socket.Receive(read.AsSpan(filled));
            if (count == 0)
                throw new EndOfStreamException();
            filled += count;
        }
        return read;
    }

    public byte[] ReadMessage()
    {
        byte[] prefix = Read(7);
        return [.. prefix, .. Read(BitConverter.ToUInt16(prefix, 5))];
    }

    /// <summary>The refusal that the transport tells before it closes.</summary>
    public (HandshakeRefusalKind Kind, string Sentence) ReadRefusal()
    {
        HandshakeMessage.TryRead(ReadMessage(), out HandshakeMessage message);
        Assert.True(message.TryReadRefusal(out HandshakeRefusalKind kind, out string sentence));
        return (kind, sentence);
    }

    /// <summary>Whether the transport closes the connection before the deadline.</summary>
    public bool IsClosed()
    {
        byte[] anything = new byte[1024];
        while (true)
        {
            int read = _socket.Receive(anything, SocketFlags.None, out SocketError error);
            if (error is SocketError.TimedOut or SocketError.WouldBlock)
                return false;
            if (read == 0 || error != SocketError.Success)
                return true;
        }
    }

    public void Dispose()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }
}
