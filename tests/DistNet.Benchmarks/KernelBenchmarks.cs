using BenchmarkDotNet.Attributes;
using DistNet.Neural.Kernels;

namespace DistNet.Benchmarks;

/// <summary>The products of a dense layer of 784 inputs and 512 units, and of its output layer.</summary>
public class LayerBenchmarks
{
    private KernelWork _work = null!;

    /// <summary>Examples, inputs and units.</summary>
    [Params("64 784 512", "64 512 10", "64 2048 2048")]
    public string Shape { get; set; } = "";

    [GlobalSetup]
    public void Setup()
    {
        var sizes = Array.ConvertAll(Shape.Split(' '), int.Parse);
        _work = new KernelWork(sizes[0], sizes[1], sizes[2]);
    }

    [Benchmark]
    public void Multiply() => _work.Multiply();

    [Benchmark]
    public void GradientSum() => _work.GradientSum();

    [Benchmark]
    public void MultiplyTransposed() => _work.MultiplyTransposed();
}

/// <summary>Activation functions over the hidden layer of 64 examples.</summary>
public class ActivationBenchmarks
{
    private readonly float[] _x = [.. Enumerable.Range(0, 64 * 512).Select(i => i % 1000 * 0.01f - 5)];
    private readonly float[] _y = new float[64 * 512];

    [Benchmark]
    public void Exp() => ElementaryFunctions.Exp<float>(_x, _y);

    [Benchmark]
    public void Sigmoid() => ElementaryFunctions.Sigmoid<float>(_x, _y);

    [Benchmark]
    public void Tanh() => ElementaryFunctions.Tanh<float>(_x, _y);

    [Benchmark]
    public void Relu() => ElementaryFunctions.Relu<float>(_x, _y);
}
