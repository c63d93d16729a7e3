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
        if (TLanes.Registers == 32)
            Multiply<ProductTile8<T, TVector, TLanes>>(ref tile, rows);
        else
            Multiply<ProductTile6<T, TVector, TLanes>>(ref tile, rows);
    }

    /// <summary>C = start + A B over all rows. The first tile copies B's columns to the panel while it computes, the others read that.</summary>
    /// <remarks>Rows of B are often a power of two apart, so that its columns fight for few cache lines; the panel's do not.</remarks>
    public static void CopyAndMultiply(ref TileOperands<T> tile, int rows)
    {
        var tileRows = TLanes.Registers == 32 ? ProductTile8<T, TVector, TLanes>.Rows : ProductTile6<T, TVector, TLanes>.Rows;
        if (rows > tileRows)
        {
            if (TLanes.Registers == 32)
                ProductTile8<T, TVector, TLanes>.Multiply<CopyingTile>(tile);
            else
                ProductTile6<T, TVector, TLanes>.Multiply<CopyingTile>(tile);
            tile.B = ref tile.Panel;
            tile.BStep = TLanes.Lanes;
            tile.MoveDown(tileRows);
            rows -= tileRows;
        }
        Multiply(ref tile, rows);
    }

    /// <summary>C = the gradient sum over all rows.</summary>
    public static void GradientSum(ref TileOperands<T> tile, int rows, int microBatchSize)
    {
        for (; rows >= GradientTile6<T, TVector, TLanes>.Rows; rows -= GradientTile6<T, TVector, TLanes>.Rows)
        {
            GradientTile6<T, TVector, TLanes>.GradientSum<WholeTile>(tile, microBatchSize);
            tile.MoveDown(GradientTile6<T, TVector, TLanes>.Rows);
        }
        tile.LastRow = rows - 1;
        if (rows > LowRows)
            GradientTile6<T, TVector, TLanes>.GradientSum<PartialTile>(tile, microBatchSize);
        else if (rows > 0)
            GradientTile4<T, TVector, TLanes>.GradientSum<PartialTile>(tile, microBatchSize);
    }

    private static void Multiply<TTile>(ref TileOperands<T> tile, int rows)
        where TTile : struct, IProductTile<T>
    {
        for (; rows >= TTile.Rows; rows -= TTile.Rows)
        {
            TTile.Multiply<WholeTile>(tile);
            tile.MoveDown(TTile.Rows);
        }
        tile.LastRow = rows - 1;
        if (rows > LowRows)
            TTile.Multiply<PartialTile>(tile);
        else if (rows > 0)
            ProductTile4<T, TVector, TLanes>.Multiply<PartialTile>(tile);
    }
}
