using System.Numerics;
using System.Runtime.InteropServices;

namespace DistNet.Neural.Tests.Kernels;

/// <summary>Seeded numbers, and comparison of bits.</summary>
internal static class Numbers
{
    /// <summary>Numbers between -1 and 1, with full significands.</summary>
    public static T[] Uniform<T>(this Random random, int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> =>
        [.. Enumerable.Range(0, count).Select(_ => T.CreateTruncating(random.NextDouble() * 2 - 1))];

    /// <summary>A result's place, full of a number that no test computes.</summary>
    public static T[] Unwritten<T>(int count)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var target = new T[count];
        Array.Fill(target, T.CreateTruncating(-12345));
        return target;
    }

    public static void AssertSameBits<T>(T[] expected, T[] actual, string what)
        where T : unmanaged
    {
        var same = MemoryMarshal.AsBytes<T>(expected).SequenceEqual(MemoryMarshal.AsBytes<T>(actual));
        Assert.True(same, $"{what}: {expected.Zip(actual).Count(pair => !pair.First.Equals(pair.Second))} of {expected.Length} differ");
    }
}
