using System.Numerics;

namespace DistNet.Neural.Kernels;

/// <summary>Matrix products and sums whose bits do not depend on the vector width or on the machine.</summary>
/// <remarks>
/// Matrices are row-major without padding. Each element of a product is one ascending chain of fused multiply-adds; vector
/// lanes hold different elements, never parts of one. <see cref="MatrixReference"/> defines the result, bit for bit.
/// Nothing is allocated per call, apart from a scratch that each thread keeps.
/// </remarks>
public static class MatrixKernels
{
    /// <summary>C = bias + A B: each chain starts at the bias and runs over k = 0 ... inner - 1.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B and C.</param>
    /// <param name="a">A, rows x inner.</param>
    /// <param name="b">B, inner x columns.</param>
    /// <param name="bias">One number for each column, or empty for 0.</param>
    /// <param name="c">C, rows x columns; overwritten; must not overlap an input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length of its shape, or C overlaps an input.</exception>
    public static void Multiply<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MatrixReference.Multiply(rows, inner, columns, a, b, bias, c);

    /// <summary>C = A B^T: each chain starts at 0 and runs over k = 0 ... inner - 1.</summary>
    /// <param name="rows">Rows of A and C.</param>
    /// <param name="inner">Columns of A and of B.</param>
    /// <param name="columns">Rows of B, columns of C.</param>
    /// <param name="a">A, rows x inner.</param>
    /// <param name="b">B, columns x inner.</param>
    /// <param name="c">C, rows x columns; overwritten; must not overlap an input.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative.</exception>
    /// <exception cref="ArgumentException">A span has not the length of its shape, or C overlaps an input.</exception>
    public static void MultiplyTransposed<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MatrixReference.MultiplyTransposed(rows, inner, columns, a, b, c);

    /// <summary>C = the sum over micro-batches m of A_m^T B_m, added along the reduction tree.</summary>
    /// <param name="examples">Rows of A and B.</param>
    /// <param name="microBatchSize">Examples in a micro-batch; the last one may have fewer.</param>
    /// <param name="inputs">Columns of A, rows of C.</param>
    /// <param name="units">Columns of B and C.</param>
    /// <param name="a">A, examples x inputs: the layer's inputs.</param>
    /// <param name="b">B, examples x units: dLoss/dz of the layer.</param>
    /// <param name="c">C, inputs x units: the sum of dLoss/dKernel; overwritten (0 for no examples); must not overlap an input.</param>
    /// <remarks>
    /// Each micro-batch's chain starts at 0 and runs over its examples in order. The tree over M micro-batches splits at the
    /// largest power of two below M; a node is left + right.
    /// </remarks>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the micro-batch size below 1.</exception>
    /// <exception cref="ArgumentException">A span has not the length of its shape, or C overlaps an input.</exception>
    public static void GradientSum<T>(
        int examples, int microBatchSize, int inputs, int units, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MatrixReference.GradientSum(examples, microBatchSize, inputs, units, a, b, c);

    /// <summary>c = the sum of B's rows over the same tree as <see cref="GradientSum"/>: the sum of dLoss/dBias.</summary>
    /// <param name="examples">Rows of B.</param>
    /// <param name="microBatchSize">Examples in a micro-batch; the last one may have fewer.</param>
    /// <param name="units">Columns of B.</param>
    /// <param name="b">B, examples x units.</param>
    /// <param name="c">One sum for each unit; overwritten (0 for no examples); must not overlap B.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the micro-batch size below 1.</exception>
    /// <exception cref="ArgumentException">A span has not the length of its shape, or the output overlaps B.</exception>
    public static void ColumnSum<T>(int examples, int microBatchSize, int units, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MatrixReference.ColumnSum(examples, microBatchSize, units, b, c);

    /// <summary>sum = left + right, element by element: a node of the reduction tree from its children.</summary>
    /// <param name="left">The earlier micro-batches.</param>
    /// <param name="right">The later micro-batches.</param>
    /// <param name="sum">Overwritten; may be left or right itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the sum overlaps an input without being it.</exception>
    public static void AddInto<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => MatrixReference.AddInto(left, right, sum);

    /// <summary>Index of the first NaN or infinity, or -1 if all numbers are finite.</summary>
    /// <param name="values">Any number of them.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values) => MatrixReference.IndexOfNonFinite(values);
}
