using System.Runtime.CompilerServices;

namespace DistNet.Actors;

/// <summary>A float vector that begins at a cache line, so that no vector register's worth of it lies in two.</summary>
internal readonly struct AlignedVector
{
    private const int LineBytes = 64;

    private readonly float[] _memory;
    private readonly int _first;
    private readonly int _length;

    /// <summary>A vector whose content is undefined.</summary>
    public AlignedVector(int length)
    {
        _memory = GC.AllocateUninitializedArray<float>(length + LineBytes / sizeof(float), pinned: true);
        _first = ToNextLine(_memory);
        _length = length;
    }

    /// <summary>The elements.</summary>
    public Span<float> Span => _memory.AsSpan(_first, _length);

    /// <summary>The elements, for who reads or writes them later.</summary>
    public Memory<float> Memory => _memory.AsMemory(_first, _length);

    // Pinned memory does not move, so the address may be looked at once.
    private static unsafe int ToNextLine(float[] memory)
    {
        nint address = (nint)Unsafe.AsPointer(ref memory[0]);
        return (int)(-address & (LineBytes - 1)) / sizeof(float);
    }
}
