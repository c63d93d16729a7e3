using MathNet.Numerics.Random;

namespace DistNet.Neural;

/// <summary>The random streams of a run, all from its one seed.</summary>
internal static class Chance
{
    /// <summary>Initial kernels; the stream's index is the layer.</summary>
    public const int KernelStream = 1;

    /// <summary>The order of examples; the stream's index is the epoch.</summary>
    public const int OrderStream = 2;

    /// <summary>Units that an example goes without; the stream's index is the layer.</summary>
    public const int DropoutStream = 3;

    /// <summary>How an image is distorted.</summary>
    public const int DistortionStream = 4;

    /// <summary>What SplitMix64 steps by.</summary>
    public const ulong Gamma = 0x9E3779B97F4A7C15;

    /// <summary>A generator for one purpose, independent of the others.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="purpose">One of the constants above.</param>
    /// <param name="index">Which stream of that purpose.</param>
    public static Xoshiro256StarStar Stream(int seed, int purpose, int index) =>
        // 32 bits are all that the generator's constructor takes; it spreads them over its state by SplitMix64.
        new((int)Mix(Mix(Mix((uint)seed) + (uint)purpose) + (uint)index), threadSafe: false);

    /// <summary>The finalizer of SplitMix64 (Steele, Lea and Flood 2014): neighbouring seeds give unrelated streams.</summary>
    public static ulong Mix(ulong value)
    {
        unchecked
        {
            value += Gamma;
            value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
            value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
            return value ^ (value >> 31);
        }
    }
}
