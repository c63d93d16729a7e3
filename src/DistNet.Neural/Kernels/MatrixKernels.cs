using System.Numerics;
using System.Runtime.Intrinsics;

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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckMultiply(rows, inner, columns, a, b, bias, c);
        var operands = new MatrixOperands<T>(rows, inner, columns, a, b, bias, c);
        if (Vector512.IsHardwareAccelerated)
            MatrixKernel<T, Vector512<T>, Simd512<T>>.Multiply(operands);
        else if (Vector256.IsHardwareAccelerated)
            MatrixKernel<T, Vector256<T>, Simd256<T>>.Multiply(operands);
        else if (Vector128.IsHardwareAccelerated)
            MatrixKernel<T, Vector128<T>, Simd128<T>>.Multiply(operands);
        else
            MatrixKernel<T, T, SimdScalar<T>>.Multiply(operands);
    }

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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckMultiply(rows, inner, columns, a, b, [], c);
        var operands = new MatrixOperands<T>(rows, inner, columns, a, b, [], c);
        if (Vector512.IsHardwareAccelerated)
            MatrixKernel<T, Vector512<T>, Simd512<T>>.MultiplyTransposed(operands);
        else if (Vector256.IsHardwareAccelerated)
            MatrixKernel<T, Vector256<T>, Simd256<T>>.MultiplyTransposed(operands);
        else if (Vector128.IsHardwareAccelerated)
            MatrixKernel<T, Vector128<T>, Simd128<T>>.MultiplyTransposed(operands);
        else
            MatrixKernel<T, T, SimdScalar<T>>.MultiplyTransposed(operands);
    }

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
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckGradientSum(examples, microBatchSize, inputs, units, a, b, c);
        var operands = new MatrixOperands<T>(inputs, examples, units, a, b, [], c);
        if (Vector512.IsHardwareAccelerated)
            MatrixKernel<T, Vector512<T>, Simd512<T>>.GradientSum(operands, microBatchSize);
        else if (Vector256.IsHardwareAccelerated)
            MatrixKernel<T, Vector256<T>, Simd256<T>>.GradientSum(operands, microBatchSize);
        else if (Vector128.IsHardwareAccelerated)
            MatrixKernel<T, Vector128<T>, Simd128<T>>.GradientSum(operands, microBatchSize);
        else
            MatrixKernel<T, T, SimdScalar<T>>.GradientSum(operands, microBatchSize);
    }

    /// <summary>c = the sum of B's rows over the same tree as <see cref="GradientSum"/>: the sum of dLoss/dBias.</summary>
    /// <param name="examples">Rows of B.</param>
    /// <param name="microBatchSize">Examples in a micro-batch; the last one may have fewer.</param>
    /// <param name="units">Columns of B.</param>
    /// <param name="b">B, examples x units.</param>
    /// <param name="c">One sum for each unit; overwritten (0 for no examples); must not overlap B.</param>
    /// <exception cref="ArgumentOutOfRangeException">A dimension is negative, or the micro-batch size below 1.</exception>
    /// <exception cref="ArgumentException">A span has not the length of its shape, or the output overlaps B.</exception>
    public static void ColumnSum<T>(int examples, int microBatchSize, int units, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckColumnSum(examples, microBatchSize, units, b, c);
        var operation = new ColumnSums<T>(examples, microBatchSize, units, b, c);
        Elementwise.Run<T, ColumnSums<T>>(units, ref operation);
    }

    /// <summary>sum = left + right, element by element: a node of the reduction tree from its children.</summary>
    /// <param name="left">The earlier micro-batches.</param>
    /// <param name="right">The later micro-batches.</param>
    /// <param name="sum">Overwritten; may be left or right itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or the sum overlaps an input without being it.</exception>
    public static void AddInto<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckAddInto(left, right, sum);
        var operation = new ElementSums<T>(left, right, sum);
        Elementwise.Run<T, ElementSums<T>>(sum.Length, ref operation);
    }

    /// <summary>Index of the first NaN or infinity, or -1 if all numbers are finite.</summary>
    /// <param name="values">Any number of them.</param>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        const int Block = 1024;
        for (var start = 0; start < values.Length; start += Block)
        {
            var block = values[start..Math.Min(values.Length, start + Block)];
            if (!AreFinite(block))
                return start + MatrixReference.IndexOfNonFinite(block);
        }
        return -1;
    }

    private static bool AreFinite(ReadOnlySpan<float> values)
    {
        var index = 0;
        var found = Vector512<int>.Zero;
        for (; index <= values.Length - Vector512<float>.Count; index += Vector512<float>.Count)
        {
            var exponents = Vector512.Create(values[index..]).AsInt32() & Vector512.Create(0x7F800000);
            found |= Vector512.Equals(exponents, Vector512.Create(0x7F800000));
        }
        return found == Vector512<int>.Zero && MatrixReference.IndexOfNonFinite(values[index..]) < 0;
    }
}
