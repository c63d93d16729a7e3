using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>A gradient sum's tile of four rows.</summary>
/// <remarks>
/// A binary counter: bit i of the number of finished micro-batches says that node i holds the sum of 2^i of them. A new sum
/// takes in the nodes of the trailing ones; the last one takes in all that are left, the youngest first. Node 0 stays in registers,
/// which is why the tile is lower than a product's: storing every micro-batch's sum cost 7 % of the time.
/// </remarks>
internal readonly struct GradientTile4<T, TVector, TLanes> : IGradientTile<T>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    public static int Rows => 4;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void GradientSum<TMode>(in TileOperands<T> tile, nint microBatchSize)
        where TMode : struct, ITileMode
    {
        ref var a0 = ref tile.RowOfA<TMode>(0);
        ref var a1 = ref tile.RowOfA<TMode>(1);
        ref var a2 = ref tile.RowOfA<TMode>(2);
        ref var a3 = ref tile.RowOfA<TMode>(3);
        Prefetching.Soon(Prefetching.AddressOf(ref tile.RowOfC<TMode>(0), 0), TLanes.Lanes * Unsafe.SizeOf<T>());
        Prefetching.Soon(Prefetching.AddressOf(ref tile.RowOfC<TMode>(1), 0), TLanes.Lanes * Unsafe.SizeOf<T>());
        Prefetching.Soon(Prefetching.AddressOf(ref tile.RowOfC<TMode>(2), 0), TLanes.Lanes * Unsafe.SizeOf<T>());
        Prefetching.Soon(Prefetching.AddressOf(ref tile.RowOfC<TMode>(3), 0), TLanes.Lanes * Unsafe.SizeOf<T>());
        ref var b = ref tile.B;
        var (aStep, bStep) = (tile.AStep, tile.BStep);
        nint step = 0;
        var left = tile.Inner;
        TVector n0 = default, n1 = default, n2 = default, n3 = default;
        for (nuint finished = 0; ; finished++)
        {
            TVector c0 = default, c1 = default, c2 = default, c3 = default;
            for (var k = nint.Min(left, microBatchSize); k > 0; k--)
            {
                var row = TLanes.Load(ref b, 0);
                c0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a0, step)), row, c0);
                c1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a1, step)), row, c1);
                c2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a2, step)), row, c2);
                c3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a3, step)), row, c3);
                step += aStep;
                b = ref Unsafe.Add(ref b, bStep);
            }
            left -= microBatchSize;
            if ((finished & 1) == 1)
            {
                c0 = TLanes.Add(n0, c0);
                c1 = TLanes.Add(n1, c1);
                c2 = TLanes.Add(n2, c2);
                c3 = TLanes.Add(n3, c3);
            }
            else if (left > 0)
            {
                n0 = c0;
                n1 = c1;
                n2 = c2;
                n3 = c3;
                continue;
            }
            ref var node = ref tile.Panel;
            for (var bits = finished >> 1; left > 0 ? (bits & 1) == 1 : bits != 0; bits >>= 1)
            {
                if ((bits & 1) == 1)
                {
                    c0 = TLanes.Add(TLanes.Load(ref node, 0 * TLanes.Lanes), c0);
                    c1 = TLanes.Add(TLanes.Load(ref node, 1 * TLanes.Lanes), c1);
                    c2 = TLanes.Add(TLanes.Load(ref node, 2 * TLanes.Lanes), c2);
                    c3 = TLanes.Add(TLanes.Load(ref node, 3 * TLanes.Lanes), c3);
                }
                node = ref Unsafe.Add(ref node, Rows * TLanes.Lanes);
            }
            if (left <= 0)
            {
                TLanes.Store(c0, ref tile.RowOfC<TMode>(0), 0);
                TLanes.Store(c1, ref tile.RowOfC<TMode>(1), 0);
                TLanes.Store(c2, ref tile.RowOfC<TMode>(2), 0);
                TLanes.Store(c3, ref tile.RowOfC<TMode>(3), 0);
                return;
            }
            TLanes.Store(c0, ref node, 0 * TLanes.Lanes);
            TLanes.Store(c1, ref node, 1 * TLanes.Lanes);
            TLanes.Store(c2, ref node, 2 * TLanes.Lanes);
            TLanes.Store(c3, ref node, 3 * TLanes.Lanes);
        }
    }
}
