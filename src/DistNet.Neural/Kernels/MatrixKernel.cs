namespace DistNet.Neural.Kernels;

/// <summary>The products at one vector width: panels of two vectors, and of one for what is left.</summary>
internal static class MatrixKernel<T, TVector, TSimd>
    where T : unmanaged
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    public static void Multiply(in MatrixOperands<T> operands)
    {
        var wideEnd = EndOfWidePanels(operands.Columns);
        MatrixProduct<T, Pair<TVector>, PairLanes<TVector, T, TSimd>>.Multiply(operands, 0, wideEnd);
        MatrixProduct<T, TVector, TSimd>.Multiply(operands, wideEnd, operands.Columns);
    }

    public static void MultiplyTransposed(in MatrixOperands<T> operands)
    {
        // Either factor can lie across the lanes. Transposing B costs the time of its size, transposing A and C of theirs.
        if ((long)operands.Inner * operands.Columns > (long)operands.Rows * (operands.Inner + operands.Columns))
        {
            var wideEnd = EndOfWidePanels(operands.Rows);
            TransposedProduct<T, Pair<TVector>, PairLanes<TVector, T, TSimd>>.MultiplyRowsAcross(operands, 0, wideEnd);
            TransposedProduct<T, TVector, TSimd>.MultiplyRowsAcross(operands, wideEnd, operands.Rows);
        }
        else
        {
            var wideEnd = EndOfWidePanels(operands.Columns);
            TransposedProduct<T, Pair<TVector>, PairLanes<TVector, T, TSimd>>.MultiplyColumnsAcross(operands, 0, wideEnd);
            TransposedProduct<T, TVector, TSimd>.MultiplyColumnsAcross(operands, wideEnd, operands.Columns);
        }
    }

    public static void GradientSum(in MatrixOperands<T> operands, int microBatchSize)
    {
        var wideEnd = EndOfWidePanels(operands.Columns);
        GradientProduct<T, Pair<TVector>, PairLanes<TVector, T, TSimd>>.Sum(operands, microBatchSize, 0, wideEnd);
        GradientProduct<T, TVector, TSimd>.Sum(operands, microBatchSize, wideEnd, operands.Columns);
    }

    /// <summary>All columns, unless the last panel of two vectors would leave one of them empty.</summary>
    private static int EndOfWidePanels(int columns)
    {
        var rest = columns % (2 * TSimd.Lanes);
        return rest > TSimd.Lanes ? columns : columns - rest;
    }
}
