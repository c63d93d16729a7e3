using System.Buffers;
using System.Runtime.InteropServices;

namespace DistNet.Actors.Transport;

/// <summary>Pinned bytes, laid out as the C library's <c>iovec</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal readonly struct NativePart
{
    private readonly nint _address;

    private NativePart(nint address, nint length) => (_address, Length) = (address, length);

    /// <summary>Bytes.</summary>
    public nint Length { get; }

    /// <summary>The bytes, for as long as they are pinned.</summary>
    public unsafe ReadOnlySpan<byte> Span => new((void*)_address, (int)Length);

    /// <summary>The beginning of an array that was allocated pinned.</summary>
    public static NativePart Of(byte[] pinned, int length) => new(Marshal.UnsafeAddrOfPinnedArrayElement(pinned, 0), length);

    /// <summary>Memory that the handle pins.</summary>
    public static unsafe NativePart Of(in MemoryHandle handle, int length) => new((nint)handle.Pointer, length);

    /// <summary>What is left after so many bytes.</summary>
    public NativePart From(nint bytes) => new(_address + bytes, Length - bytes);
}
