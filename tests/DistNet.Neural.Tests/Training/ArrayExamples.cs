using System.Security.Cryptography;
using System.Runtime.InteropServices;
using MathNet.Numerics.Random;

namespace DistNet.Neural.Tests;

/// <summary>A small set held in arrays, which remembers what was gathered.</summary>
internal sealed class ArrayExamples(int inputSize, int targetSize, float[] inputs, float[] targets) : IExampleSet
{
    public int Count => inputs.Length / inputSize;

    public int InputSize => inputSize;

    public int TargetSize => targetSize;

    public List<int> Gathered { get; } = [];

    public string ContentHash => Convert.ToHexStringLower(SHA256.HashData([.. MemoryMarshal.AsBytes<float>(inputs), .. MemoryMarshal.AsBytes<float>(targets)]));

    /// <summary>Noisy clusters, one for each class, with one-hot targets.</summary>
    public static ArrayExamples Clusters(int count, int inputSize, int classes, int seed = 7)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var centres = random.NextDoubles(classes * inputSize);
        var (inputs, targets) = (new float[count * inputSize], new float[count * classes]);
        for (var example = 0; example < count; example++)
        {
            var label = random.Next(classes);
            targets[(example * classes) + label] = 1;
            for (var input = 0; input < inputSize; input++)
                inputs[(example * inputSize) + input] = (float)(centres[(label * inputSize) + input] + (0.2 * random.NextDouble()));
        }

        return new ArrayExamples(inputSize, classes, inputs, targets);
    }

    /// <summary>Inputs in [-1, 1) and targets in [0, 1), without any pattern.</summary>
    public static ArrayExamples Noise(int count, int inputSize, int targetSize, int seed = 7)
    {
        var random = new Xoshiro256StarStar(seed, threadSafe: false);
        var inputs = random.NextDoubles(count * inputSize).Select(value => (float)((2 * value) - 1)).ToArray();
        var targets = random.NextDoubles(count * targetSize).Select(value => (float)value).ToArray();
        return new ArrayExamples(inputSize, targetSize, inputs, targets);
    }

    public void Gather(ReadOnlySpan<int> indices, Span<float> inputRows, Span<float> targetRows)
    {
        for (var row = 0; row < indices.Length; row++)
        {
            Gathered.Add(indices[row]);
            inputs.AsSpan(indices[row] * inputSize, inputSize).CopyTo(inputRows[(row * inputSize)..]);
            targets.AsSpan(indices[row] * targetSize, targetSize).CopyTo(targetRows[(row * targetSize)..]);
        }
    }
}
