using DistNet.Neural.Kernels;

namespace DistNet.Benchmarks;

/// <summary>A dense layer's three products over some examples, on memory of their own.</summary>
internal sealed class KernelWork(int rows, int inner, int columns)
{
    private const int MicroBatchSize = 16;

    private readonly AlignedVector<float> _inputs = Fill(rows * inner);
    private readonly AlignedVector<float> _kernel = Fill(inner * columns);
    private readonly AlignedVector<float> _bias = Fill(columns);
    private readonly AlignedVector<float> _outputs = Fill(rows * columns);
    private readonly AlignedVector<float> _deltas = Fill(rows * columns);
    private readonly AlignedVector<float> _gradient = new(inner * columns);
    private readonly AlignedVector<float> _inputDeltas = new(rows * inner);

    /// <summary>Floating-point operations of each of the three.</summary>
    public double Operations => 2.0 * rows * inner * columns;

    public void Multiply() => MatrixKernels.Multiply<float>(rows, inner, columns, _inputs.Span, _kernel.Span, _bias.Span, _outputs.Span);

    public void GradientSum() => MatrixKernels.GradientSum<float>(rows, MicroBatchSize, inner, columns, _inputs.Span, _deltas.Span, _gradient.Span);

    public void MultiplyTransposed() => MatrixKernels.MultiplyTransposed<float>(rows, columns, inner, _deltas.Span, _kernel.Span, _inputDeltas.Span);

    public override string ToString() => $"{rows} x {inner} x {columns}";

    private static AlignedVector<float> Fill(int count)
    {
        var random = new Random(count);
        var numbers = new AlignedVector<float>(count);
        foreach (ref var number in numbers.Span)
            number = random.NextSingle() * 2 - 1;
        return numbers;
    }
}
