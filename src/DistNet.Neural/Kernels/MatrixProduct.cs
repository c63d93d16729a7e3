using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>C = bias + A B over a range of columns, panel by panel.</summary>
internal static class MatrixProduct<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>The longest piece of the chains that is computed at a time, so that a panel of B and the
    /// same part of A stay in the second-level cache.</summary>
    private const int BlockLength = 1024;

    /// <summary>Computes the columns [first, end).</summary>
    public static void Multiply(in MatrixOperands<T> operands, int first, int end)
    {
        var wholeEnd = end - (end - first) % TLanes.Lanes;
        ref var scratch = ref Scratch<T>.Rent((long)TLanes.Lanes * (1 + BlockLength + (wholeEnd < end ? operands.Rows : 0)));
        for (var k = 0; k == 0 || k < operands.Inner; k += BlockLength)
        {
            for (var column = first; column < wholeEnd; column += TLanes.Lanes)
                MultiplyPanel(operands, k, column, ref scratch);
        }
        if (wholeEnd < end)
            MultiplyPadded(operands, wholeEnd, end, ref scratch);
    }

    private static void MultiplyPanel(in MatrixOperands<T> operands, int k, int column, ref T scratch)
    {
        ref var c = ref Unsafe.Add(ref operands.C, column);
        var tile = Tile(operands, k, ref c, operands.Columns, ref scratch);
        if (k == 0)
            PackBias(operands, column, TLanes.Lanes, ref tile.Start);
        tile.B = ref Unsafe.Add(ref operands.B, (nint)k * operands.Columns + column);
        tile.BStep = operands.Columns;
        RowTiles<T, TVector, TLanes>.CopyAndMultiply(ref tile, operands.Rows);
    }

    /// <summary>The last columns, in memory that is wide enough.</summary>
    private static void MultiplyPadded(in MatrixOperands<T> operands, int column, int end, ref T scratch)
    {
        ref var c = ref Unsafe.Add(ref scratch, (nint)TLanes.Lanes * (1 + BlockLength));
        for (var k = 0; k == 0 || k < operands.Inner; k += BlockLength)
        {
            var tile = Tile(operands, k, ref c, TLanes.Lanes, ref scratch);
            if (k == 0)
                PackBias(operands, column, end - column, ref tile.Start);
            ref var b = ref Unsafe.Add(ref operands.B, (nint)k * operands.Columns + column);
            Packing<T>.CopyPadded(ref b, operands.Columns, (int)tile.Inner, end - column, ref tile.Panel, TLanes.Lanes);
            RowTiles<T, TVector, TLanes>.Multiply(ref tile, operands.Rows);
        }
        Packing<T>.Copy(ref c, TLanes.Lanes, operands.Rows, end - column, ref Unsafe.Add(ref operands.C, column), operands.Columns);
    }

    /// <summary>The first tile of a panel; the chains go on from C after the first block.</summary>
    private static TileOperands<T> Tile(in MatrixOperands<T> operands, int k, ref T c, int cStride, ref T scratch)
    {
        ref var panel = ref Unsafe.Add(ref scratch, TLanes.Lanes);
        return new TileOperands<T>
        {
            A = ref Unsafe.Add(ref operands.A, k),
            AStride = operands.Inner,
            AStep = 1,
            B = ref panel,
            BStep = TLanes.Lanes,
            Panel = ref panel,
            Start = ref k == 0 ? ref scratch : ref c,
            StartStride = k == 0 ? 0 : cStride,
            C = ref c,
            CStride = cStride,
            Inner = Math.Min(BlockLength, operands.Inner - k),
        };
    }

    private static void PackBias(in MatrixOperands<T> operands, int column, int count, ref T target)
    {
        TLanes.Store(default, ref target, 0);
        for (var i = 0; i < count && !operands.Bias.IsEmpty; i++)
            Unsafe.Add(ref target, i) = operands.Bias[column + i];
    }
}
