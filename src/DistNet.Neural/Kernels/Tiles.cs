using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>A micro-kernel of the products: it computes as much of C as fits the registers.</summary>
internal interface IProductTile<T>
    where T : unmanaged
{
    /// <summary>Rows of C in a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>C = start + A B for one tile; A's numbers lie side by side along the chain.</summary>
    static abstract void Multiply<TMode>(in TileOperands<T> tile)
        where TMode : struct, ITileMode;
}

/// <summary>The micro-kernel of the gradient sum.</summary>
internal interface IGradientTile<T>
    where T : unmanaged
{
    /// <summary>Rows of C in a tile.</summary>
    static abstract int Rows { get; }

    /// <summary>C = the tree over micro-batches of A B for one tile; the tree's nodes wait in the operands' panel.</summary>
    static abstract void GradientSum<TMode>(in TileOperands<T> tile, nint microBatchSize)
        where TMode : struct, ITileMode;
}

/// <summary>Variants of a tile, each compiled for itself.</summary>
internal interface ITileMode
{
    /// <summary>Whether the rows of B that are read are also put side by side in the panel, for the tiles below.</summary>
    static abstract bool CopiesPanel { get; }

    /// <summary>Whether C ends within the tile. Rows past the last one then repeat it, and write the same numbers once more.</summary>
    static abstract bool IsPartial { get; }
}

/// <summary>A tile within C.</summary>
internal readonly struct WholeTile : ITileMode
{
    public static bool CopiesPanel => false;

    public static bool IsPartial => false;
}

/// <summary>A tile within C, the first one that reads its columns of B.</summary>
internal readonly struct CopyingTile : ITileMode
{
    public static bool CopiesPanel => true;

    public static bool IsPartial => false;
}

/// <summary>A tile on the lower edge of C.</summary>
internal readonly struct PartialTile : ITileMode
{
    public static bool CopiesPanel => false;

    public static bool IsPartial => true;
}

/// <summary>What a tile works on. Strides lead to the next row of C, steps to the next link of the chain; both count numbers.</summary>
internal ref struct TileOperands<T>
    where T : unmanaged
{
    public ref T A;
    public nint AStride;
    public nint AStep;
    public ref T B;
    public nint BStep;
    public ref T Panel;
    public ref T Start;
    public nint StartStride;
    public ref T C;
    public nint CStride;

    /// <summary>Address of numbers that later tiles need: a hint, so that it may be anywhere.</summary>
    public nint Ahead;

    /// <summary>From one such address to the next, in bytes.</summary>
    public nint AheadStep;

    /// <summary>Links of the chain.</summary>
    public nint Inner;

    /// <summary>Index of the last row wanted, for a partial tile.</summary>
    public nint LastRow;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref T RowOfA<TMode>(nint row)
        where TMode : struct, ITileMode => ref Unsafe.Add(ref A, Row<TMode>(row) * AStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref T RowOfStart<TMode>(nint row)
        where TMode : struct, ITileMode => ref Unsafe.Add(ref Start, Row<TMode>(row) * StartStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ref T RowOfC<TMode>(nint row)
        where TMode : struct, ITileMode => ref Unsafe.Add(ref C, Row<TMode>(row) * CStride);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly nint Row<TMode>(nint row)
        where TMode : struct, ITileMode => TMode.IsPartial ? nint.Min(row, LastRow) : row;

    /// <summary>Moves down by some rows of C.</summary>
    public void MoveDown(nint rows)
    {
        A = ref Unsafe.Add(ref A, rows * AStride);
        Start = ref Unsafe.Add(ref Start, rows * StartStride);
        C = ref Unsafe.Add(ref C, rows * CStride);
    }
}
