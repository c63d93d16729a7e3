namespace DistNet.Actors.Transport;

/// <summary>The frames that wait for one peer, within limits, and the spare frame objects. Guarded by its owner's lock.</summary>
internal sealed class FrameQueue(QueueRoom room)
{
    private readonly Queue<OutgoingFrame> _waiting = [];
    private readonly Stack<OutgoingFrame> _spare = [];

    // Frames rented and not returned, and their bytes: those that wait and the one being written.
    private int _frames;
    private long _bytes;

    /// <summary>Whether none waits; one may be in the middle of being written.</summary>
    public bool IsEmpty => _waiting.Count == 0;

    /// <summary>Whether a frame may be rented for a payload of this size.</summary>
    public bool HasRoom(long bytes) => _frames == 0 || (_frames < room.Frames && _bytes + bytes <= room.Bytes);

    /// <summary>A frame object, counted as waiting until it is returned.</summary>
    public OutgoingFrame Rent(long bytes)
    {
        OutgoingFrame frame = _spare.TryPop(out OutgoingFrame? spare) ? spare : new OutgoingFrame();
        frame.CountedBytes = bytes;
        _frames++;
        _bytes += bytes;
        return frame;
    }

    /// <summary>Takes back a frame object whose payload was released.</summary>
    public void Return(OutgoingFrame frame)
    {
        _frames--;
        _bytes -= frame.CountedBytes;
        _spare.Push(frame);
    }

    /// <summary>Puts a frame at the end.</summary>
    public void Enqueue(OutgoingFrame frame) => _waiting.Enqueue(frame);

    /// <summary>The frame to write next.</summary>
    public OutgoingFrame Dequeue() => _waiting.Dequeue();
}
