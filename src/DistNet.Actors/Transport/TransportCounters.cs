namespace DistNet.Actors.Transport;

/// <summary>What a <see cref="TensorTransport"/> has done since it started.</summary>
/// <param name="FramesSent">Frames wholly handed to the operating system.</param>
/// <param name="FramesDropped">Frames that were not sent: the queue was full, the link lost, or the transport disposed.</param>
/// <param name="FramesReceived">Frames completed.</param>
/// <param name="FramesRefused">Frames that the sink did not want, skipped.</param>
/// <param name="FramesAbandoned">Frames that were accepted and did not arrive whole.</param>
/// <param name="BytesSent">Bytes of frames handed to the operating system.</param>
/// <param name="BytesReceived">Bytes of frames received, skipped ones too.</param>
/// <param name="HandshakesRefused">Incoming connections closed before they had proven themselves.</param>
public readonly record struct TransportCounters(
    long FramesSent,
    long FramesDropped,
    long FramesReceived,
    long FramesRefused,
    long FramesAbandoned,
    long BytesSent,
    long BytesReceived,
    long HandshakesRefused);

internal sealed class TransportCounts
{
    private long _framesSent;
    private long _framesDropped;
    private long _framesReceived;
    private long _framesRefused;
    private long _framesAbandoned;
    private long _bytesSent;
    private long _bytesReceived;
    private long _handshakesRefused;

    public TransportCounters Now => new(
        Volatile.Read(ref _framesSent),
        Volatile.Read(ref _framesDropped),
        Volatile.Read(ref _framesReceived),
        Volatile.Read(ref _framesRefused),
        Volatile.Read(ref _framesAbandoned),
        Volatile.Read(ref _bytesSent),
        Volatile.Read(ref _bytesReceived),
        Volatile.Read(ref _handshakesRefused));

    public void Sent(long bytes)
    {
        Interlocked.Increment(ref _framesSent);
        Interlocked.Add(ref _bytesSent, bytes);
    }

    public void Dropped(int frames) => Interlocked.Add(ref _framesDropped, frames);

    public void Received(long bytes)
    {
        Interlocked.Increment(ref _framesReceived);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    public void Refused(long bytes)
    {
        Interlocked.Increment(ref _framesRefused);
        Interlocked.Add(ref _bytesReceived, bytes);
    }

    public void Abandoned() => Interlocked.Increment(ref _framesAbandoned);

    public void HandshakeRefused() => Interlocked.Increment(ref _handshakesRefused);
}
