using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>Goes down the rows of C, tile by tile, over one panel of columns.</summary>
/// <remarks>As tall tiles as the registers allow; up to four last rows take a low one.</remarks>
internal static class RowTiles<T, TVector, TLanes>
    where T : unmanaged
    where TVector : struct
    where TLanes : struct, ILanes<TVector, T>
{
    private const int LowRows = 4;

    /// <summary>C = start + A B over all rows. B is the panel itself already.</summary>
    public static void Multiply(ref TileOperands<T> tile, int rows)
    {
        tile.Ahead = Prefetching.AddressOf(ref tile.B, 0);
        tile.AheadStep = 0;
        if (TLanes.Registers == 32)
            Multiply<ProductTile8<T, TVector, TLanes>>(ref tile, rows);
        else
            Multiply<ProductTile6<T, TVector, TLanes>>(ref tile, rows);
    }

    /// <summary>C = start + A B over all rows. The first tile copies B's columns to the panel while it computes, the others read that.</summary>
    /// <remarks>Rows of B are often a power of two apart, so that its columns fight for few cache lines; the panel's do not.</remarks>
    public static void CopyAndMultiply(ref TileOperands<T> tile, int rows)
    {
        if (TLanes.Registers == 32)
            CopyAndMultiply<ProductTile8<T, TVector, TLanes>>(ref tile, rows);
        else
            CopyAndMultiply<ProductTile6<T, TVector, TLanes>>(ref tile, rows);
    }

    private static void CopyAndMultiply<TTile>(ref TileOperands<T> tile, int rows)
        where TTile : struct, IProductTile<T>
    {
        tile.Ahead = Prefetching.AddressOf(ref tile.B, TLanes.Lanes);
        tile.AheadStep = tile.BStep * Unsafe.SizeOf<T>();
        if (rows > TTile.Rows)
        {
            TTile.Multiply<CopyingTile>(tile);
            tile.B = ref tile.Panel;
            tile.BStep = TLanes.Lanes;
            tile.MoveDown(TTile.Rows);
            rows -= TTile.Rows;
        }
        Multiply<TTile>(ref tile, rows);
    }

    private static void Multiply<TTile>(ref TileOperands<T> tile, int rows)
        where TTile : struct, IProductTile<T>
    {
        for (; rows >= TTile.Rows; rows -= TTile.Rows)
        {
            TTile.Multiply<WholeTile>(tile);
            if (rows == TTile.Rows)
                return;
            tile.MoveDown(TTile.Rows);
            tile.Ahead += Prefetching.CacheLineBytes;
        }
        tile.LastRow = rows - 1;
        if (rows > LowRows)
            TTile.Multiply<PartialTile>(tile);
        else if (rows > 0)
            ProductTile4<T, TVector, TLanes>.Multiply<PartialTile>(tile);
    }

    /// <summary>C = the gradient sum over all rows, for panels that lie one after the other; each row of tiles goes through all of them.</summary>
    public static void GradientSum(ref TileOperands<T> tile, int rows, int microBatchSize, int panels)
    {
        for (; rows >= GradientTile6<T, TVector, TLanes>.Rows; rows -= GradientTile6<T, TVector, TLanes>.Rows)
        {
            GradientSum<GradientTile6<T, TVector, TLanes>, WholeTile>(tile, microBatchSize, panels);
            if (rows == GradientTile6<T, TVector, TLanes>.Rows)
                return;
            tile.MoveDown(GradientTile6<T, TVector, TLanes>.Rows);
        }
        tile.LastRow = rows - 1;
        if (rows > LowRows)
            GradientSum<GradientTile6<T, TVector, TLanes>, PartialTile>(tile, microBatchSize, panels);
        else if (rows > 0)
            GradientSum<GradientTile4<T, TVector, TLanes>, PartialTile>(tile, microBatchSize, panels);
    }

    private static void GradientSum<TTile, TMode>(TileOperands<T> tile, int microBatchSize, int panels)
        where TTile : struct, IGradientTile<T>
        where TMode : struct, ITileMode
    {
        for (; panels > 0; panels--)
        {
            TTile.GradientSum<TMode>(tile, microBatchSize);
            if (panels == 1)
                return;
            tile.B = ref Unsafe.Add(ref tile.B, tile.Inner * TLanes.Lanes);
            tile.C = ref Unsafe.Add(ref tile.C, TLanes.Lanes);
        }
    }
}
