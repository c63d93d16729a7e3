namespace DistNet.Actors.Transport;

/// <summary>How much may wait for each peer: what the options say, and never less than a run needs.</summary>
internal sealed class QueueRoom(TensorTransportOptions options)
{
    private long _needed;

    /// <summary>Most frames.</summary>
    public int Frames => options.QueueFrames;

    /// <summary>Most bytes.</summary>
    public long Bytes => Math.Max(options.QueueBytes, Volatile.Read(ref _needed));

    /// <summary>Has so many bytes fit from now on.</summary>
    public void MakeFor(long bytes) => Volatile.Write(ref _needed, bytes);
}
