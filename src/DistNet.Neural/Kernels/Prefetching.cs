using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace DistNet.Neural.Kernels;

/// <summary>Hints that memory is about to be used; without effect on results, and nothing at all where the processor has none.</summary>
internal static unsafe class Prefetching
{
    /// <summary>How many rows of B a first tile looks ahead: the processor foresees no strides beyond a page. Measured: 8 beats 0 and 24.</summary>
    public const int RowsAhead = 8;

    private const int CacheLineBytes = 64;

    /// <summary>Begins to load the lines of some numbers, two vectors at most; they may lie outside of any memory.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Prefetch<T>(ref T origin, int count)
        where T : unmanaged
    {
        if (!Sse.IsSupported)
            return;
        var start = (byte*)Unsafe.AsPointer(ref origin);
        var last = count * sizeof(T) - 1;
        Sse.Prefetch0(start);
        if (last > CacheLineBytes)
            Sse.Prefetch0(start + CacheLineBytes);
        Sse.Prefetch0(start + last);
    }
}
