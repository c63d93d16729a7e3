using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>C = the tree over micro-batches m of A_m^T B_m, over a range of columns, panel by panel.</summary>
internal static class GradientProduct<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    /// <summary>Computes the columns [first, end); the operands' inner dimension counts examples, their rows inputs.</summary>
    public static void Sum(in MatrixOperands<T> operands, int microBatchSize, int first, int end)
    {
        var nodes = BitOperations.Log2((uint)KernelShapes.MicroBatches(operands.Inner, microBatchSize)) + 1;
        var partial = (end - first) % TLanes.Lanes > 0;
        var nodesCount = nodes * GradientTile6<T, TVector, TLanes>.Rows;
        ref var scratch = ref Scratch<T>.Rent((long)TLanes.Lanes * (nodesCount + operands.Inner + (partial ? operands.Rows : 0)));
        for (var column = first; column < end; column += TLanes.Lanes)
            SumPanel(operands, microBatchSize, column, Math.Min(TLanes.Lanes, end - column), ref scratch, nodesCount);
    }

    private static void SumPanel(
        in MatrixOperands<T> operands, int microBatchSize, int column, int count, ref T scratch, int nodesCount)
    {
        ref var b = ref Unsafe.Add(ref scratch, (nint)TLanes.Lanes * nodesCount);
        Packing<T>.CopyPadded(ref Unsafe.Add(ref operands.B, column), operands.Columns, operands.Inner, count, ref b, TLanes.Lanes);
        ref var c = ref Unsafe.Add(ref operands.C, column);
        ref var padded = ref Unsafe.Add(ref b, (nint)TLanes.Lanes * operands.Inner);
        var partial = count < TLanes.Lanes;
        var tile = new TileOperands<T>
        {
            A = ref operands.A,
            AStride = 1,
            AStep = operands.Rows,
            B = ref b,
            BStep = TLanes.Lanes,
            Panel = ref scratch,
            C = ref partial ? ref padded : ref c,
            CStride = partial ? TLanes.Lanes : operands.Columns,
            Inner = operands.Inner,
        };
        RowTiles<T, TVector, TLanes>.GradientSum(ref tile, operands.Rows, microBatchSize);
        if (partial)
            Packing<T>.Copy(ref padded, TLanes.Lanes, operands.Rows, count, ref c, operands.Columns);
    }
}
