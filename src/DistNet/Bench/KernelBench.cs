using DistNet.Neural.Kernels;

namespace DistNet;

/// <summary>The three matrix products of each layer on one worker's share of a mini-batch, as a share of the processor's peak.</summary>
internal sealed class KernelBench(BenchSettings settings, TimeProvider time)
{
    private readonly Stopclock _clock = new(time);

    /// <summary>Measures peak and kernels in turn.</summary>
    /// <returns>The median peak of one core in GFLOP/s, and a figure for each kernel.</returns>
    public (double PeakGflops, IReadOnlyList<KernelFigure> Kernels) Measure()
    {
        List<Kernel> kernels = [.. Enumerable.Range(0, settings.Spec.Network.Layers.Length).SelectMany(KernelsOf)];
        var peaks = new List<double>();
        var rates = kernels.ConvertAll(_ => new List<double>());
        for (var round = 0; round < BenchSettings.Rounds; round++)
        {
            peaks.Add(ProcessorPeak.Measure(1, settings.RoundDuration, time) / 1e9);
            for (var i = 0; i < kernels.Count; i++) rates[i].Add(kernels[i].Flops / _clock.SecondsPerCall(kernels[i].Run, settings.RoundDuration) / 1e9);
        }

        return (Stopclock.Median(peaks), [.. kernels.Zip(rates, (kernel, rate) => Figure(kernel, rate, peaks))]);
    }

    private static KernelFigure Figure(Kernel kernel, List<double> rates, List<double> peaks) =>
        new(kernel.Name, kernel.Shape, Stopclock.Median(rates), Stopclock.Median(rates.Zip(peaks, (rate, peak) => rate / peak)));

    private IEnumerable<Kernel> KernelsOf(int layer)
    {
        var network = settings.Spec.Network;
        var (rows, units, microBatch) = (settings.Share, network.Layers[layer].Units, settings.Spec.MicroBatchSize);
        var inputs = layer == 0 ? network.InputSize : network.Layers[layer - 1].Units;
        AlignedVector<float> a = Numbers(rows * inputs), b = Numbers(inputs * units), bias = Numbers(units), c = new(rows * units);
        AlignedVector<float> delta = Numbers(rows * units), sum = new(inputs * units), back = new(rows * inputs);
        var flops = 2.0 * rows * inputs * units;
        yield return new($"dense_{layer} Multiply", $"{rows} x {inputs} x {units}", flops, () => MatrixKernels.Multiply<float>(rows, inputs, units, a.Span, b.Span, bias.Span, c.Span));
        yield return new($"dense_{layer} GradientSum", $"{inputs} x {rows} x {units}", flops, () => MatrixKernels.GradientSum<float>(rows, microBatch, inputs, units, a.Span, delta.Span, sum.Span));
        if (layer > 0)
            yield return new($"dense_{layer} MultiplyTransposed", $"{rows} x {units} x {inputs}", flops, () => MatrixKernels.MultiplyTransposed<float>(rows, units, inputs, delta.Span, b.Span, back.Span));
    }

    /// <summary>Small numbers of both signs; what they are does not change the speed.</summary>
    private static AlignedVector<float> Numbers(int count)
    {
        var numbers = new AlignedVector<float>(count);
        for (var i = 0; i < count; i++)
            numbers.Span[i] = (i * 7919 % 1009 - 504) / 1009f;
        return numbers;
    }

    private sealed record Kernel(string Name, string Shape, double Flops, Action Run);
}
