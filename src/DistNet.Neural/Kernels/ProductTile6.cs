using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>A product's tile of six rows, whose accumulators stay in registers.</summary>
/// <remarks>Written out, because the JIT keeps local variables in registers, but not the elements of an array.</remarks>
internal readonly struct ProductTile6<T, TVector, TLanes> : IProductTile<T>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    public static int Rows => 6;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply<TMode>(in TileOperands<T> tile)
        where TMode : struct, ITileMode
    {
        ref var a0 = ref tile.RowOfA<TMode>(0);
        ref var a1 = ref tile.RowOfA<TMode>(1);
        ref var a2 = ref tile.RowOfA<TMode>(2);
        ref var a3 = ref tile.RowOfA<TMode>(3);
        ref var a4 = ref tile.RowOfA<TMode>(4);
        ref var a5 = ref tile.RowOfA<TMode>(5);
        var c0 = TLanes.Load(ref tile.RowOfStart<TMode>(0), 0);
        var c1 = TLanes.Load(ref tile.RowOfStart<TMode>(1), 0);
        var c2 = TLanes.Load(ref tile.RowOfStart<TMode>(2), 0);
        var c3 = TLanes.Load(ref tile.RowOfStart<TMode>(3), 0);
        var c4 = TLanes.Load(ref tile.RowOfStart<TMode>(4), 0);
        var c5 = TLanes.Load(ref tile.RowOfStart<TMode>(5), 0);
        ref var b = ref tile.B;
        ref var panel = ref tile.Panel;
        var (bStep, ahead, aheadStep) = (tile.BStep, tile.Ahead, tile.AheadStep);
        nint step = 0;
        for (nint k = 0; k < tile.Inner; k++)
        {
            var row = TLanes.Load(ref b, step);
            if (TMode.CopiesPanel)
            {
                TLanes.Store(row, ref panel, k * TLanes.Lanes);
                Prefetching.Soon(Prefetching.AddressOf(ref b, step + Prefetching.RowsAhead * bStep), TLanes.Lanes * Unsafe.SizeOf<T>());
            }
            else if (!TMode.IsPartial)
            {
                Prefetching.Later(ahead);
                ahead += aheadStep;
            }
            c0 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a0, k)), row, c0);
            c1 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a1, k)), row, c1);
            c2 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a2, k)), row, c2);
            c3 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a3, k)), row, c3);
            c4 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a4, k)), row, c4);
            c5 = TLanes.FusedMultiplyAdd(TLanes.Broadcast(Unsafe.Add(ref a5, k)), row, c5);
            step += bStep;
        }
        TLanes.Store(c0, ref tile.RowOfC<TMode>(0), 0);
        TLanes.Store(c1, ref tile.RowOfC<TMode>(1), 0);
        TLanes.Store(c2, ref tile.RowOfC<TMode>(2), 0);
        TLanes.Store(c3, ref tile.RowOfC<TMode>(3), 0);
        TLanes.Store(c4, ref tile.RowOfC<TMode>(4), 0);
        TLanes.Store(c5, ref tile.RowOfC<TMode>(5), 0);
    }
}
