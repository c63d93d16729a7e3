using System.Buffers;

namespace DistNet.Actors.Transport;

/// <summary>A frame on its way out: what is left of it to write. Used again and again.</summary>
/// <remarks>Whoever writes it next goes on where the one before stopped. One thread at a time.</remarks>
internal sealed class OutgoingFrame
{
    private const int TypicalMetadataBytes = 96;

    private readonly PayloadChecksum _checksum = new();

    // Pinned, as the system reads it by its address.
    private byte[] _head = NewHead(TypicalMetadataBytes);
    private PayloadSegment[] _segments = new PayloadSegment[1];
    private MemoryHandle[] _pins = new MemoryHandle[1];
    private int _segmentCount;
    private PayloadRelease _release;

    // Part 0 is the head, 1.._segmentCount are the segments.
    private NativePart[] _parts = new NativePart[2];

    // Parts before this one are written; the part itself has shrunk to what is left of it. Negative until the checksum is formed.
    private int _part;

    /// <summary>Size of the whole frame on the wire.</summary>
    public long Bytes { get; private set; }

    /// <summary>Of these, what counts for <see cref="TensorTransportOptions.QueueBytes"/>.</summary>
    public long CountedBytes { get; set; }

    /// <summary>Begins a frame.</summary>
    public void Begin(byte kind, ReadOnlySpan<byte> metadata, ReadOnlySpan<ReadOnlyMemory<float>> payload, PayloadRelease release)
    {
        Reserve(metadata.Length, payload.Length);
        int length = 0;
        foreach (ReadOnlyMemory<float> segment in payload)
        {
            _segments[_segmentCount++] = new PayloadSegment(segment);
            length += segment.Length;
        }
        Begin(kind, PayloadElement.Float, length, metadata, release);
    }

    /// <summary>Begins a frame of bytes.</summary>
    public void Begin(byte kind, ReadOnlySpan<byte> metadata, ReadOnlyMemory<byte> payload, PayloadRelease release)
    {
        Reserve(metadata.Length, segments: 1);
        _segments[_segmentCount++] = new PayloadSegment(payload);
        Begin(kind, PayloadElement.Byte, payload.Length, metadata, release);
    }

    /// <summary>What is left to write, in order; empty when the frame is wholly written.</summary>
    /// <remarks>The first call forms the checksum and pins the payload.</remarks>
    public ReadOnlySpan<NativePart> Rest()
    {
        if (_part < 0)
            Prepare();
        while (_part <= _segmentCount && _parts[_part].Length == 0)
            _part++;
        return _parts.AsSpan(_part, _segmentCount + 1 - _part);
    }

    /// <summary>So many bytes of the rest were written.</summary>
    public void Advance(long bytes)
    {
        while (bytes > 0)
        {
            long taken = Math.Min(bytes, _parts[_part].Length);
            _parts[_part] = _parts[_part].From((nint)taken);
            bytes -= taken;
            if (_parts[_part].Length == 0)
                _part++;
        }
    }

    /// <summary>Forgets the payload and tells its owner.</summary>
    public void Release()
    {
        PayloadRelease release = _release;
        for (int i = 0; i < _segmentCount; i++)
            _pins[i].Dispose();
        _pins.AsSpan(0, _segmentCount).Clear();
        _segments.AsSpan(0, _segmentCount).Clear();
        _segmentCount = 0;
        _release = default;
        release.Invoke();
    }

    private static byte[] NewHead(int metadataBytes) => GC.AllocateUninitializedArray<byte>(FrameFormat.HeaderBytes + metadataBytes, pinned: true);

    private void Reserve(int metadataBytes, int segments)
    {
        if (_head.Length < FrameFormat.HeaderBytes + metadataBytes)
            _head = NewHead(TensorTransport.MaxMetadataBytes);
        if (_segments.Length >= segments)
            return;
        _segments = new PayloadSegment[segments];
        _pins = new MemoryHandle[segments];
        _parts = new NativePart[1 + segments];
    }

    private void Begin(byte kind, PayloadElement element, int length, ReadOnlySpan<byte> metadata, PayloadRelease release)
    {
        FrameFormat.WriteHead(_head, kind, element, length, metadata);
        _parts[0] = NativePart.Of(_head, FrameFormat.HeaderBytes + metadata.Length);
        _release = release;
        Bytes = FrameFormat.HeaderBytes + metadata.Length + (long)length * (int)element;
        _part = -1;
    }

    private void Prepare()
    {
        _checksum.Reset();
        for (int i = 0; i < _segmentCount; i++)
        {
            _pins[i] = _segments[i].Pin();
            _parts[1 + i] = NativePart.Of(_pins[i], _segments[i].Span.Length);
            _checksum.Append(_segments[i].Span);
        }
        FrameFormat.CompleteHead(_head, _checksum.Finish());
        _part = 0;
    }
}
