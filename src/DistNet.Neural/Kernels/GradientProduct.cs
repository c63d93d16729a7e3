using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>C = the tree over micro-batches m of A_m^T B_m, over a range of columns, panel by panel.</summary>
internal static class GradientProduct<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    // Where the rows of A lie a multiple of this apart, the numbers of one column fight for few lines of the first-level cache.
    private const int ConflictBytes = 1024;

    // A is then copied in strips of so many of its columns, each of which serves so many panels of B. Measured at 64 x 2048 x 2048:
    // 63 % of the peak without, 80, 83 and 86 % with 4, 8 and 16 panels.
    private const int StripRows = 48;
    private const int StripPanels = 16;

    /// <summary>Computes the columns [first, end); the operands' inner dimension counts examples, their rows inputs.</summary>
    public static void Sum(in MatrixOperands<T> operands, int microBatchSize, int first, int end)
    {
        var wholeEnd = end - (end - first) % TLanes.Lanes;
        var strips = operands.Rows * Unsafe.SizeOf<T>() % ConflictBytes == 0 && wholeEnd - first >= StripPanels * TLanes.Lanes;
        ref var nodes = ref Rent(operands, microBatchSize, strips, wholeEnd < end, out var layout);
        for (var column = first; column < wholeEnd;)
        {
            var panels = Math.Min(strips ? StripPanels : 1, (wholeEnd - column) / TLanes.Lanes);
            SumPanels(operands, microBatchSize, column, panels, strips, ref nodes, layout);
            column += panels * TLanes.Lanes;
        }
        if (wholeEnd < end)
            SumPadded(operands, microBatchSize, wholeEnd, end - wholeEnd, ref nodes, layout);
    }

    /// <summary>Scratch: the nodes of the tree, then the panels of B, then a strip of A, then a panel of C that is not whole.</summary>
    private static ref T Rent(in MatrixOperands<T> operands, int microBatchSize, bool strips, bool padded, out (nint Panels, nint Strip, nint Padded) layout)
    {
        var nodes = BitOperations.Log2((uint)KernelShapes.MicroBatches(operands.Inner, microBatchSize)) + 1;
        layout.Panels = (nint)TLanes.Lanes * nodes * GradientTile6<T, TVector, TLanes>.Rows;
        layout.Strip = layout.Panels + (nint)TLanes.Lanes * operands.Inner * (strips ? StripPanels : 1);
        layout.Padded = layout.Strip + (strips ? (nint)StripRows * operands.Inner : 0);
        return ref Scratch<T>.Rent(layout.Padded + (padded ? (nint)TLanes.Lanes * operands.Rows : 0));
    }

    private static void SumPanels(
        in MatrixOperands<T> operands, int microBatchSize, int column, int panels, bool strips, ref T nodes, (nint Panels, nint Strip, nint Padded) layout)
    {
        ref var b = ref Unsafe.Add(ref nodes, layout.Panels);
        for (var i = 0; i < panels; i++)
        {
            ref var panel = ref Unsafe.Add(ref b, (nint)i * TLanes.Lanes * operands.Inner);
            Packing<T>.CopyPadded(ref Unsafe.Add(ref operands.B, column + i * TLanes.Lanes), operands.Columns, operands.Inner, TLanes.Lanes, ref panel, TLanes.Lanes);
        }
        var tile = Tile(operands, ref nodes, ref b, ref Unsafe.Add(ref operands.C, column), operands.Columns);
        if (!strips)
        {
            RowTiles<T, TVector, TLanes>.GradientSum(ref tile, operands.Rows, microBatchSize, panels);
            return;
        }
        ref var strip = ref Unsafe.Add(ref nodes, layout.Strip);
        for (var row = 0; row < operands.Rows; row += StripRows)
        {
            var rows = Math.Min(StripRows, operands.Rows - row);
            Packing<T>.CopyPadded(ref Unsafe.Add(ref operands.A, row), operands.Rows, operands.Inner, rows, ref strip, StripRows);
            tile.A = ref strip;
            tile.AStep = StripRows;
            tile.C = ref Unsafe.Add(ref operands.C, (nint)row * operands.Columns + column);
            RowTiles<T, TVector, TLanes>.GradientSum(ref tile, rows, microBatchSize, panels);
        }
    }

    /// <summary>The last columns, in memory that is wide enough.</summary>
    private static void SumPadded(
        in MatrixOperands<T> operands, int microBatchSize, int column, int count, ref T nodes, (nint Panels, nint Strip, nint Padded) layout)
    {
        ref var panel = ref Unsafe.Add(ref nodes, layout.Panels);
        ref var padded = ref Unsafe.Add(ref nodes, layout.Padded);
        Packing<T>.CopyPadded(ref Unsafe.Add(ref operands.B, column), operands.Columns, operands.Inner, count, ref panel, TLanes.Lanes);
        var tile = Tile(operands, ref nodes, ref panel, ref padded, TLanes.Lanes);
        RowTiles<T, TVector, TLanes>.GradientSum(ref tile, operands.Rows, microBatchSize, 1);
        Packing<T>.Copy(ref padded, TLanes.Lanes, operands.Rows, count, ref Unsafe.Add(ref operands.C, column), operands.Columns);
    }

    private static TileOperands<T> Tile(in MatrixOperands<T> operands, ref T nodes, ref T b, ref T c, int cStride) => new()
    {
        A = ref operands.A,
        AStride = 1,
        AStep = operands.Rows,
        B = ref b,
        BStep = TLanes.Lanes,
        Panel = ref nodes,
        C = ref c,
        CStride = cStride,
        Inner = operands.Inner,
    };
}
