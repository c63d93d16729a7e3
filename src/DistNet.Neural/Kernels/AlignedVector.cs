using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>A vector that begins at a cache line, so that no vector register's worth of it lies in two.</summary>
/// <remarks>Pinned, for its address must not change. Its memory is an ordinary array's, and is collected like one.</remarks>
public readonly struct AlignedVector<T>
    where T : unmanaged
{
    private const int LineBytes = 64;

    private readonly T[] _memory;
    private readonly int _first;

    /// <summary>A vector of zeros.</summary>
    /// <param name="length">Elements, at least 0.</param>
    public AlignedVector(int length)
    {
        Length = length;
        _memory = GC.AllocateArray<T>(checked(length + LineBytes / Unsafe.SizeOf<T>()), pinned: true);
        _first = ToNextLine(_memory);
    }

    /// <summary>Elements.</summary>
    public int Length { get; }

    /// <summary>The elements.</summary>
    public Span<T> Span => _memory.AsSpan(_first, Length);

    /// <summary>The elements, to be kept.</summary>
    public Memory<T> Memory => _memory.AsMemory(_first, Length);

    // Pinned memory does not move, so the address may be looked at once.
    private static unsafe int ToNextLine(T[] memory)
    {
        var address = (nint)Unsafe.AsPointer(ref memory[0]);
        return (int)(-address & (LineBytes - 1)) / sizeof(T);
    }
}
