using System.Buffers.Binary;

namespace DistNet.Actors.Transport;

/// <summary>A frame on its way out: what is left of it to write. Used again and again.</summary>
/// <remarks>Whoever writes it next goes on where the one before stopped. One thread at a time.</remarks>
internal sealed class OutgoingFrame
{
    /// <summary>Bytes written at a time: small enough to be in the second-level cache when the socket copies what the checksum has just read.</summary>
    public const int PieceBytes = 1 << 17;

    private const int TypicalMetadataBytes = 104;

    private readonly PayloadChecksum _checksum = new();

    // Header and metadata, and after the payload its checksum.
    private byte[] _head = new byte[FrameFormat.HeaderBytes + TypicalMetadataBytes];
    private int _headBytes;
    private PayloadSegment[] _segments = new PayloadSegment[1];
    private int _segmentCount;
    private PayloadRelease _release;

    // Part 0 is the head, 1.._segmentCount the segments, the one after them the payload's checksum.
    private int _part;

    // Bytes of this part that are written, and that the checksum has taken; _written <= _summed in a segment.
    private int _written;
    private int _summed;

    /// <summary>Size of the whole frame on the wire.</summary>
    public long Bytes { get; private set; }

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

    /// <summary>What is to be written next.</summary>
    /// <returns>False when the frame is wholly written.</returns>
    public bool TryNextPiece(out ReadOnlySpan<byte> piece)
    {
        while (_part <= _segmentCount + 1)
        {
            piece = Part()[_written..];
            if (piece.Length > PieceBytes)
                piece = piece[..PieceBytes];
            if (!piece.IsEmpty)
            {
                SumUp(piece);
                return true;
            }
            NextPart();
        }
        piece = default;
        return false;
    }

    /// <summary>So many bytes of the piece were written.</summary>
    public void Advance(int bytes) => _written += bytes;

    /// <summary>Forgets the payload and tells its owner.</summary>
    public void Release()
    {
        PayloadRelease release = _release;
        _segments.AsSpan(0, _segmentCount).Clear();
        _segmentCount = 0;
        _release = default;
        release.Invoke();
    }

    private void Reserve(int metadataBytes, int segments)
    {
        _headBytes = FrameFormat.HeaderBytes + metadataBytes;
        if (_head.Length < _headBytes)
            _head = new byte[FrameFormat.HeaderBytes + TensorTransport.MaxMetadataBytes];
        if (_segments.Length < segments)
            _segments = new PayloadSegment[segments];
    }

    private void Begin(byte kind, PayloadElement element, int length, ReadOnlySpan<byte> metadata, PayloadRelease release)
    {
        FrameFormat.WriteHead(_head, kind, element, length, metadata);
        _release = release;
        _checksum.Reset();
        Bytes = _headBytes + (long)length * (int)element + FrameFormat.TrailerBytes;
        _part = 0;
        _written = _summed = 0;
    }

    private ReadOnlySpan<byte> Part()
    {
        if (_part == 0)
            return _head.AsSpan(0, _headBytes);
        return _part <= _segmentCount ? _segments[_part - 1].Span : _head.AsSpan(0, FrameFormat.TrailerBytes);
    }

    private void SumUp(ReadOnlySpan<byte> piece)
    {
        bool isPayload = _part > 0 && _part <= _segmentCount;
        if (!isPayload || _written + piece.Length <= _summed)
            return;
        _checksum.Append(piece[(_summed - _written)..]);
        _summed = _written + piece.Length;
    }

    private void NextPart()
    {
        _part++;
        _written = _summed = 0;
        if (_part == _segmentCount + 1)
            BinaryPrimitives.WriteUInt64LittleEndian(_head, _checksum.Finish());
    }
}
