using System.Buffers;
using System.Runtime.InteropServices;

namespace DistNet.Actors.Transport;

/// <summary>A contiguous part of a payload, of floats or of bytes, in the sender's own memory.</summary>
internal readonly struct PayloadSegment
{
    private readonly ReadOnlyMemory<float> _floats;
    private readonly ReadOnlyMemory<byte> _bytes;

    public PayloadSegment(ReadOnlyMemory<float> floats) => _floats = floats;

    public PayloadSegment(ReadOnlyMemory<byte> bytes) => _bytes = bytes;

    /// <summary>The bytes as they go over the wire.</summary>
    public ReadOnlySpan<byte> Span => _bytes.IsEmpty ? MemoryMarshal.AsBytes(_floats.Span) : _bytes.Span;

    /// <summary>Keeps the bytes where they are until the handle is disposed.</summary>
    public MemoryHandle Pin() => _bytes.IsEmpty ? _floats.Pin() : _bytes.Pin();
}

/// <summary>How the owner of a payload hears that it is no longer read.</summary>
internal readonly record struct PayloadRelease(Action<object?>? Action, object? State)
{
    /// <summary>Tells the owner, once.</summary>
    public void Invoke() => Action?.Invoke(State);
}
