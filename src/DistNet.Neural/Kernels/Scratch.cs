using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>A thread's own memory for packed panels and partial sums; it grows and is kept.</summary>
internal static unsafe class Scratch<T>
    where T : unmanaged
{
    private const int CacheLineBytes = 64;

    [ThreadStatic]
    private static T[]? _memory;

    /// <summary>Memory that begins at a cache line, because loads across two lines are slower; its content is arbitrary.</summary>
    /// <param name="count">Numbers wanted.</param>
    public static ref T Rent(long count)
    {
        var memory = _memory;
        var length = count + CacheLineBytes / sizeof(T);
        if (memory is null || memory.Length < length)
            _memory = memory = GC.AllocateUninitializedArray<T>(checked((int)length), pinned: true);
        ref var start = ref memory[0];
        var address = (nuint)Unsafe.AsPointer(ref start);
        var skippedBytes = (CacheLineBytes - address % CacheLineBytes) % CacheLineBytes;
        return ref Unsafe.AddByteOffset(ref start, skippedBytes);
    }
}
