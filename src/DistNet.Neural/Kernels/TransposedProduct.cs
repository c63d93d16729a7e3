using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>C = A B^T, panel by panel; the lanes are either columns or rows of C.</summary>
internal static class TransposedProduct<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    private const int BlockLength = 1024;

    /// <summary>Computes the columns [first, end) of C with transposed panels of B.</summary>
    public static void MultiplyColumnsAcross(in MatrixOperands<T> operands, int first, int end)
    {
        ref var scratch = ref Scratch<T>.Rent((long)TLanes.Lanes * (1 + BlockLength + operands.Rows));
        ref var padded = ref Unsafe.Add(ref scratch, (nint)TLanes.Lanes * (1 + BlockLength));
        for (var column = first; column < end; column += TLanes.Lanes)
        {
            var count = Math.Min(TLanes.Lanes, end - column);
            var isWhole = count == TLanes.Lanes;
            ref var b = ref Unsafe.Add(ref operands.B, (nint)column * operands.Inner);
            ref var c = ref Unsafe.Add(ref operands.C, column);
            ref var target = ref isWhole ? ref c : ref padded;
            var stride = isWhole ? operands.Columns : TLanes.Lanes;
            MultiplyPanel(ref operands.A, operands.Rows, operands.Inner, ref b, count, ref scratch, ref target, stride);
            if (!isWhole)
                Packing<T>.Copy(ref padded, TLanes.Lanes, operands.Rows, count, ref c, operands.Columns);
        }
    }

    /// <summary>Computes the rows [first, end) of C with transposed panels of A: C^T = B A^T.</summary>
    public static void MultiplyRowsAcross(in MatrixOperands<T> operands, int first, int end)
    {
        ref var scratch = ref Scratch<T>.Rent((long)TLanes.Lanes * (1 + BlockLength + operands.Columns));
        ref var transposed = ref Unsafe.Add(ref scratch, (nint)TLanes.Lanes * (1 + BlockLength));
        for (var row = first; row < end; row += TLanes.Lanes)
        {
            var count = Math.Min(TLanes.Lanes, end - row);
            ref var a = ref Unsafe.Add(ref operands.A, (nint)row * operands.Inner);
            ref var c = ref Unsafe.Add(ref operands.C, (nint)row * operands.Columns);
            MultiplyPanel(ref operands.B, operands.Columns, operands.Inner, ref a, count, ref scratch, ref transposed, TLanes.Lanes);
            Packing<T>.Transpose(ref transposed, TLanes.Lanes, operands.Columns, count, ref c, operands.Columns);
        }
    }

    /// <summary>target (rows x lanes) = left (rows x inner) times the transpose of some rows of right (lanes x inner).</summary>
    private static void MultiplyPanel(
        ref T left, int rows, int inner, ref T right, int rightRows, ref T scratch, ref T target, int targetStride)
    {
        TLanes.Store(default, ref scratch, 0);
        ref var panel = ref Unsafe.Add(ref scratch, TLanes.Lanes);
        for (var k = 0; k == 0 || k < inner; k += BlockLength)
        {
            var length = Math.Min(BlockLength, inner - k);
            Packing<T>.Transpose(ref Unsafe.Add(ref right, k), inner, rightRows, length, ref panel, TLanes.Lanes);
            var tile = new TileOperands<T>
            {
                A = ref Unsafe.Add(ref left, k),
                AStride = inner,
                AStep = 1,
                B = ref panel,
                BStep = TLanes.Lanes,
                Panel = ref panel,
                Start = ref k == 0 ? ref scratch : ref target,
                StartStride = k == 0 ? 0 : targetStride,
                C = ref target,
                CStride = targetStride,
                Inner = length,
            };
            RowTiles<T, TVector, TLanes>.Multiply(ref tile, rows);
        }
    }
}
