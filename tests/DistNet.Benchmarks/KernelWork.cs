using DistNet.Neural.Kernels;

namespace DistNet.Benchmarks;

/// <summary>A dense layer's three products over some examples, on memory of their own.</summary>
internal sealed class KernelWork(int rows, int inner, int columns)
{
    private const int MicroBatchSize = 16;

    private readonly float[] _inputs = Fill(rows * inner);
    private readonly float[] _kernel = Fill(inner * columns);
    private readonly float[] _bias = Fill(columns);
    private readonly float[] _outputs = Fill(rows * columns);
    private readonly float[] _deltas = Fill(rows * columns);
    private readonly float[] _gradient = new float[inner * columns];
    private readonly float[] _inputDeltas = new float[rows * inner];

    /// <summary>Floating-point operations of each of the three.</summary>
    public double Operations => 2.0 * rows * inner * columns;

    public void Multiply() => MatrixKernels.Multiply<float>(rows, inner, columns, _inputs, _kernel, _bias, _outputs);

    public void GradientSum() => MatrixKernels.GradientSum<float>(rows, MicroBatchSize, inner, columns, _inputs, _deltas, _gradient);

    public void MultiplyTransposed() => MatrixKernels.MultiplyTransposed<float>(rows, columns, inner, _deltas, _kernel, _inputDeltas);

    public override string ToString() => $"{rows} x {inner} x {columns}";

    private static float[] Fill(int count)
    {
        var random = new Random(count);
        return [.. Enumerable.Range(0, count).Select(_ => random.NextSingle() * 2 - 1)];
    }
}
