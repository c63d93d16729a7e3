using DistNet.Neural;
using MathNet.Numerics.Random;

namespace DistNet.Actors.Tests;

/// <summary>A small learnable data set: classes are random prototypes, examples are noisy copies of them.</summary>
internal sealed class Doodles : IExampleSet
{
    private readonly float[] _inputs;
    private readonly int[] _labels;

    public Doodles(int count, int inputSize = 20, int classes = 3, int seed = 7)
    {
        (Count, InputSize, TargetSize) = (count, inputSize, classes);
        Xoshiro256StarStar random = new(seed);
        double[] prototypes = random.NextDoubles(classes * inputSize);
        _labels = [.. random.NextInt32s(count, 0, classes)];
        _inputs = [.. Enumerable.Range(0, count * inputSize)
            .Select(i => (float)(prototypes[_labels[i / inputSize] * inputSize + i % inputSize] + 0.3 * (random.NextDouble() - 0.5)))];
    }

    public int Count { get; }

    public int InputSize { get; }

    public int TargetSize { get; }

    public string ContentHash => $"doodles-{Count}-{InputSize}-{TargetSize}";

    public void Gather(ReadOnlySpan<int> indices, Span<float> inputs, Span<float> targets)
    {
        targets.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            _inputs.AsSpan(indices[i] * InputSize, InputSize).CopyTo(inputs[(i * InputSize)..]);
            targets[i * TargetSize + _labels[indices[i]]] = 1;
        }
    }
}
