using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>What became of the writing of a frame.</summary>
internal enum WriteOutcome
{
    /// <summary>It is wholly written.</summary>
    Done,

    /// <summary>The socket takes no more for now.</summary>
    WouldBlock,

    /// <summary>The connection is of no more use.</summary>
    Broken,
}

/// <summary>The sending end of a connection after its handshake. The other end says nothing on it but a last sentence.</summary>
internal sealed class OutgoingConnection(Socket socket, string peer, bool sharesMemory) : IDisposable
{
    /// <summary>Node id of the peer.</summary>
    public string Peer => peer;

    /// <summary>Whether the peer can map this process's memory.</summary>
    public bool SharesMemory => sharesMemory;

    /// <summary>Writes what is left of a frame.</summary>
    /// <param name="frame">The frame.</param>
    /// <param name="mayWait">Whether to wait, up to the stall deadline, while the socket is full.</param>
    /// <param name="reason">Why the connection is broken; null if it is not.</param>
    public WriteOutcome Write(OutgoingFrame frame, bool mayWait, out string? reason)
    {
        reason = null;
        while (frame.Rest() is { IsEmpty: false } rest)
        {
            long sent = DirectSend.Send(socket, rest, mayWait, out SocketError error);
            if (error == SocketError.Success)
                frame.Advance(sent);
            else if (error == SocketError.WouldBlock && !mayWait)
                return WriteOutcome.WouldBlock;
            else
            {
                reason = LastWords() ?? (error is SocketError.TimedOut or SocketError.WouldBlock
                    ? $"{peer} has taken no byte for {socket.SendTimeout} ms"
                    : $"the connection to {peer} broke");
                return WriteOutcome.Broken;
            }
        }
        return WriteOutcome.Done;
    }

    /// <summary>Why the peer has closed the connection; null while it has not.</summary>
    public string? WhyClosed()
    {
        try
        {
            return socket.Poll(0, SelectMode.SelectRead) ? LastWords() ?? $"{peer} closed the connection" : null;
        }
        catch (SocketException failure)
        {
            return $"the connection to {peer} broke: {failure.Message}";
        }
    }

    /// <summary>Makes whoever reads or writes stop; what is written is still delivered.</summary>
    public void Shutdown() => SocketSettings.Shutdown(socket, SocketShutdown.Both);

    /// <inheritdoc/>
    public void Dispose() => socket.Dispose();

    // The refusal that a receiver sends before it closes for a reason.
    private string? LastWords()
    {
        Span<byte> words = stackalloc byte[HandshakeMessage.MaxBytes];
        int filled = 0;
        while (filled < words.Length && socket.Poll(0, SelectMode.SelectRead))
        {
            int read = socket.Receive(words[filled..], SocketFlags.None, out SocketError error);
            if (error != SocketError.Success || read == 0)
                break;
            filled += read;
        }
        return HandshakeMessage.TryRead(words[..filled], out HandshakeMessage message) == MessageState.Whole
            && message.TryReadRefusal(out _, out string sentence) ? $"{peer} closed the connection: {sentence}" : null;
    }
}
