using MathNet.Numerics.Random;

namespace DistNet.Neural;

/// <summary>Draws the parameters a run begins with.</summary>
public static class ParameterInitializer
{
    /// <summary>Kernels by their initializer, biases 0.</summary>
    /// <param name="network">The network.</param>
    /// <param name="seed">The run's seed.</param>
    /// <returns>A vector in <see cref="ParameterLayout"/> order.</returns>
    /// <remarks>Each tensor has a random stream of its own, so a layer added behind changes nothing before it.</remarks>
    /// <exception cref="ArgumentException">The network is impossible.</exception>
    public static float[] Create(NetworkSpec network, int seed)
    {
        var layout = ParameterLayout.For(network);
        var parameters = new float[layout.Count];
        for (var layer = 0; layer < network.Layers.Length; layer++)
        {
            var kernel = layout.Kernel(layer);
            var limit = Limit(network.Layers[layer].Initializer, kernel.Rows, kernel.Columns);
            FillUniform(parameters.AsSpan(kernel.Offset, kernel.Length), limit, Chance.Stream(seed, Chance.KernelStream, layer));
        }

        return parameters;
    }

    private static double Limit(Initializer initializer, int inputs, int units) => initializer switch
    {
        Initializer.GlorotUniform => Math.Sqrt(6.0 / ((double)inputs + units)),
        Initializer.HeUniform => Math.Sqrt(6.0 / inputs),
        _ => throw new ArgumentOutOfRangeException(nameof(initializer), initializer, "Unknown initializer."),
    };

    private static void FillUniform(Span<float> values, double limit, Xoshiro256StarStar random)
    {
        foreach (ref var value in values)
            value = (float)(((2 * random.NextDouble()) - 1) * limit);
    }
}
