using System.Runtime.InteropServices;

namespace DistNet.Actors.Transport;

/// <summary>The memory that a sink lends for one payload, exactly as long as the frame's.</summary>
/// <remarks>The transport alone writes to it until the frame is completed or abandoned.</remarks>
public readonly struct PayloadTarget
{
    private readonly Memory<float> _floats;
    private readonly Memory<byte> _bytes;
    private readonly PayloadElement _element;

    private PayloadTarget(PayloadElement element, Memory<float> floats, Memory<byte> bytes, object? owner) =>
        (_element, _floats, _bytes, Owner) = (element, floats, bytes, owner);

    /// <summary>Whatever the sink wants to see again with the completed frame, such as the buffer the memory belongs to.</summary>
    public object? Owner { get; }

    internal Span<byte> Span => _element == PayloadElement.Float ? MemoryMarshal.AsBytes(_floats.Span) : _bytes.Span;

    /// <summary>Memory for a payload of floats.</summary>
    public static PayloadTarget Of(Memory<float> floats, object? owner = null) => new(PayloadElement.Float, floats, default, owner);

    /// <summary>Memory for a payload of bytes.</summary>
    public static PayloadTarget OfBytes(Memory<byte> bytes, object? owner = null) => new(PayloadElement.Byte, default, bytes, owner);

    internal bool Fits(in FrameHeader header) => _element == header.Element && Span.Length == header.PayloadBytes;
}
