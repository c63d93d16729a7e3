using System.Numerics;

namespace DistNet.Neural.Kernels;

/// <summary>The arithmetic of <see cref="MatrixKernels"/> as plain loops: the definition that the fast kernels equal bit for bit.</summary>
/// <remarks>Written to be read, not to be fast. Parameters, shapes and errors are those of <see cref="MatrixKernels"/>.</remarks>
public static class MatrixReference
{
    /// <summary>C = bias + A B; see <see cref="MatrixKernels.Multiply"/>.</summary>
    public static void Multiply<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckMultiply(rows, inner, columns, a, b, bias, c);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = bias.IsEmpty ? T.Zero : bias[column];
                for (var k = 0; k < inner; k++)
                    sum = T.FusedMultiplyAdd(a[row * inner + k], b[k * columns + column], sum);
                c[row * columns + column] = sum;
            }
        }
    }

    /// <summary>C = A B^T; see <see cref="MatrixKernels.MultiplyTransposed"/>.</summary>
    public static void MultiplyTransposed<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckMultiply(rows, inner, columns, a, b, [], c);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var sum = T.Zero;
                for (var k = 0; k < inner; k++)
                    sum = T.FusedMultiplyAdd(a[row * inner + k], b[column * inner + k], sum);
                c[row * columns + column] = sum;
            }
        }
    }

    /// <summary>C = the sum over micro-batches m of A_m^T B_m, along the tree; see <see cref="MatrixKernels.GradientSum"/>.</summary>
    public static void GradientSum<T>(
        int examples, int microBatchSize, int inputs, int units, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckGradientSum(examples, microBatchSize, inputs, units, a, b, c);
        for (var input = 0; input < inputs; input++)
        {
            for (var unit = 0; unit < units; unit++)
            {
                var sums = new T[KernelShapes.MicroBatches(examples, microBatchSize)];
                for (var example = 0; example < examples; example++)
                {
                    ref var sum = ref sums[example / microBatchSize];
                    sum = T.FusedMultiplyAdd(a[example * inputs + input], b[example * units + unit], sum);
                }
                c[input * units + unit] = TreeSum<T>(sums);
            }
        }
    }

    /// <summary>c = the sum of B's rows, along the same tree; see <see cref="MatrixKernels.ColumnSum"/>.</summary>
    public static void ColumnSum<T>(int examples, int microBatchSize, int units, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckColumnSum(examples, microBatchSize, units, b, c);
        for (var unit = 0; unit < units; unit++)
        {
            var sums = new T[KernelShapes.MicroBatches(examples, microBatchSize)];
            for (var example = 0; example < examples; example++)
                sums[example / microBatchSize] += b[example * units + unit];
            c[unit] = TreeSum<T>(sums);
        }
    }

    /// <summary>The reduction tree: split at the largest power of two below the count, add left and right; one leaf is itself, none is 0.</summary>
    /// <param name="leaves">One number for each micro-batch.</param>
    public static T TreeSum<T>(ReadOnlySpan<T> leaves)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        if (leaves.Length <= 1)
            return leaves.IsEmpty ? T.Zero : leaves[0];
        var split = (int)BitOperations.RoundUpToPowerOf2((uint)leaves.Length) / 2;
        return TreeSum(leaves[..split]) + TreeSum(leaves[split..]);
    }

    /// <summary>sum = left + right, element by element; see <see cref="MatrixKernels.AddInto"/>.</summary>
    public static void AddInto<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, Span<T> sum)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        KernelShapes.CheckAddInto(left, right, sum);
        for (var i = 0; i < sum.Length; i++)
            sum[i] = left[i] + right[i];
    }

    /// <summary>Index of the first NaN or infinity, or -1; see <see cref="MatrixKernels.IndexOfNonFinite"/>.</summary>
    public static int IndexOfNonFinite(ReadOnlySpan<float> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return i;
        }
        return -1;
    }
}
