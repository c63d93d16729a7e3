using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistNet.Neural.Kernels;

/// <summary>Copies parts of matrices to and from panels.</summary>
internal static class Packing<T>
    where T : unmanaged
{
    /// <summary>Copies a block, row by row; the target's rows are filled up with zeros to its stride.</summary>
    public static void CopyPadded(ref T source, nint sourceStride, int rows, int columns, ref T target, int targetStride)
    {
        for (var row = 0; row < rows; row++)
        {
            var padded = MemoryMarshal.CreateSpan(ref Unsafe.Add(ref target, (nint)row * targetStride), targetStride);
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, row * sourceStride), columns).CopyTo(padded);
            padded[columns..].Clear();
        }
    }

    /// <summary>Copies a block, row by row.</summary>
    public static void Copy(ref T source, nint sourceStride, int rows, int columns, ref T target, nint targetStride)
    {
        for (var row = 0; row < rows; row++)
        {
            MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref source, row * sourceStride), columns)
                .CopyTo(MemoryMarshal.CreateSpan(ref Unsafe.Add(ref target, row * targetStride), columns));
        }
    }

    /// <summary>Copies a block's rows to the target's columns; the target has as many rows as the block has columns.</summary>
    public static void Transpose(ref T source, nint sourceStride, int rows, int columns, ref T target, nint targetStride)
    {
        for (var column = 0; column < columns; column++)
        {
            for (var row = 0; row < rows; row++)
                Unsafe.Add(ref target, column * targetStride + row) = Unsafe.Add(ref source, row * sourceStride + column);
        }
    }
}
