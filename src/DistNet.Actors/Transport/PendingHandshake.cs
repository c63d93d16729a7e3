using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>An incoming connection that has not proven itself: a socket and a few hundred bytes.</summary>
internal sealed class PendingHandshake(Socket socket, long accepted, NodeIdentity identity, HandshakeProof proof)
{
    private readonly byte[] _buffer = new byte[HandshakeMessage.MaxBytes];
    private int _filled;

    // Set once the peer has introduced itself.
    private NodeIdentity? _claimed;
    private byte[]? _challenge;
    private byte[]? _expectedProof;
    private byte[]? _ownProof;

    /// <summary>The connection.</summary>
    public Socket Socket => socket;

    /// <summary>Timestamp of its arrival.</summary>
    public long Accepted => accepted;

    /// <summary>Node id of the peer, once it has proven that it knows the secret.</summary>
    public string? Peer { get; private set; }

    /// <summary>Takes what has arrived, which must be something, and answers a whole message.</summary>
    /// <exception cref="HandshakeRefusedException">The connection is to be closed; the message says why.</exception>
    public void Advance()
    {
        int read = socket.Receive(_buffer.AsSpan(_filled), SocketFlags.None, out SocketError error);
        if (read == 0 || error != SocketError.Success)
            throw new HandshakeRefusedException(HandshakeRefusalKind.NoAnswer, "it was closed");
        _filled += read;
        switch (HandshakeMessage.TryRead(_buffer.AsSpan(0, _filled), out HandshakeMessage message))
        {
            case MessageState.Whole:
                Answer(message);
                _filled = 0;
                break;
            case MessageState.Malformed:
                throw new HandshakeRefusedException(HandshakeRefusalKind.Malformed, "what arrived is no handshake");
        }
    }

    /// <summary>Lets the peer in.</summary>
    public void Welcome() => socket.Send(HandshakeMessage.Write(HandshakeStep.Welcome, _ownProof), SocketFlags.None, out _);

    /// <summary>Tells the peer why not. Its buffer is empty, so this does not wait.</summary>
    public void Tell(HandshakeRefusedException refusal) =>
        socket.Send(HandshakeMessage.WriteRefusal(refusal.Kind, refusal.Message), SocketFlags.None, out _);

    private void Answer(HandshakeMessage message)
    {
        if (message.TryReadRefusal(out HandshakeRefusalKind kind, out string sentence))
            throw new HandshakeRefusedException(kind, $"the peer refused: {sentence}");
        if (message.Step == HandshakeStep.Hello && _challenge is null)
            Challenge(message);
        else if (message.Step == HandshakeStep.Proof && _challenge is not null)
            Verify(message);
        else
            throw new HandshakeRefusedException(HandshakeRefusalKind.Malformed, "its messages come in the wrong order");
    }

    private void Challenge(HandshakeMessage hello)
    {
        if (identity.Object(hello.Body) is { } objection)
            throw objection;
        _claimed = NodeIdentity.TryRead(hello.Body);
        _challenge = identity.Write(HandshakeStep.Challenge);
        _expectedProof = proof.OfDialler(hello.Bytes, _challenge);
        _ownProof = proof.OfListener(hello.Bytes, _challenge);
        socket.Send(_challenge, SocketFlags.None, out _);
    }

    private void Verify(HandshakeMessage message)
    {
        if (!HandshakeProof.IsRight(_expectedProof, message.Body))
            throw new HandshakeRefusedException(HandshakeRefusalKind.Secret, $"{_claimed!.NodeId} does not know the secret of cluster '{identity.Cluster}'");
        Peer = _claimed!.NodeId;
    }
}
