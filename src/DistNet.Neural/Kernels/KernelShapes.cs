using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>Checks the shapes and spans given to a kernel, so that the kernels themselves may use unchecked references.</summary>
internal static class KernelShapes
{
    /// <summary>Micro-batches of a number of examples, the last one perhaps partial.</summary>
    public static int MicroBatches(int examples, int microBatchSize) => examples / microBatchSize + (examples % microBatchSize > 0 ? 1 : 0);

    public static void CheckMultiply<T>(
        int rows, int inner, int columns, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> bias, ReadOnlySpan<T> c)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(inner);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        CheckLength(a.Length, rows, inner);
        CheckLength(b.Length, inner, columns);
        if (!bias.IsEmpty)
            CheckLength(bias.Length, 1, columns);
        CheckLength(c.Length, rows, columns);
        CheckApart(a, c);
        CheckApart(b, c);
        CheckApart(bias, c);
    }

    public static void CheckGradientSum<T>(
        int examples, int microBatchSize, int inputs, int units, ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> c)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(microBatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(inputs);
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        CheckLength(a.Length, examples, inputs);
        CheckLength(b.Length, examples, units);
        CheckLength(c.Length, inputs, units);
        CheckApart(a, c);
        CheckApart(b, c);
    }

    public static void CheckColumnSum<T>(int examples, int microBatchSize, int units, ReadOnlySpan<T> b, ReadOnlySpan<T> c)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(examples);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(microBatchSize);
        ArgumentOutOfRangeException.ThrowIfNegative(units);
        CheckLength(b.Length, examples, units);
        CheckLength(c.Length, 1, units);
        CheckApart(b, c);
    }

    public static void CheckAddInto<T>(ReadOnlySpan<T> left, ReadOnlySpan<T> right, ReadOnlySpan<T> sum)
    {
        CheckLength(left.Length, 1, sum.Length, nameof(left));
        CheckLength(right.Length, 1, sum.Length, nameof(right));
        CheckSameOrApart(left, sum);
        CheckSameOrApart(right, sum);
    }

    public static void CheckMap<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y)
    {
        CheckLength(x.Length, 1, y.Length, nameof(x));
        CheckSameOrApart(x, y);
    }

    private static void CheckLength(
        int length, int rows, int columns, [CallerArgumentExpression(nameof(length))] string name = "")
    {
        if (length != (long)rows * columns)
            throw new ArgumentException($"{name} is {length}; expected {(long)rows * columns} ({rows} x {columns}).");
    }

    private static void CheckApart<T>(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, [CallerArgumentExpression(nameof(input))] string name = "")
    {
        if (input.Overlaps(output))
            throw new ArgumentException($"{name} overlaps the output; expected memory of its own.", name);
    }

    private static void CheckSameOrApart<T>(
        ReadOnlySpan<T> input, ReadOnlySpan<T> output, [CallerArgumentExpression(nameof(input))] string name = "")
    {
        if (input.Overlaps(output, out var offset) && offset != 0)
            throw new ArgumentException($"{name} overlaps the output {offset} elements off; expected the same memory or memory apart.", name);
    }
}
