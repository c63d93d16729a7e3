using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace DistNet.Neural;

/// <summary>Turns pixels into network inputs: x / 255, exactly as IEEE division rounds it.</summary>
internal static class PixelScale
{
    // 1/255 = 1/256 + 1/(256 * 255). The first product is exact, the second small enough that the sum rounds as the
    // division does for each of the 256 pixel values (all tested): two multiplications instead of a slow division, and no
    // fused multiply-add, which narrow machines lack.
    private const float High = 1 / 256f;
    private const float Low = 1 / 65280f;

    /// <summary>inputs[i] = pixels[i] / 255.</summary>
    /// <param name="pixels">Bytes.</param>
    /// <param name="inputs">As many numbers; overwritten.</param>
    public static void Scale(ReadOnlySpan<byte> pixels, Span<float> inputs)
    {
        ref var source = ref MemoryMarshal.GetReference(pixels);
        ref var destination = ref MemoryMarshal.GetReference(inputs[..pixels.Length]);
        var i = 0;
        for (; i <= pixels.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
        {
            var (low, high) = Vector128.Widen(Vector128.LoadUnsafe(ref source, (nuint)i));
            Scale(low).StoreUnsafe(ref destination, (nuint)i);
            Scale(high).StoreUnsafe(ref destination, (nuint)i + 8);
        }
        for (; i < pixels.Length; i++)
            inputs[i] = (pixels[i] * High) + (pixels[i] * Low);
    }

    private static Vector256<float> Scale(Vector128<ushort> pixels)
    {
        var (low, high) = Vector128.Widen(pixels);
        var x = Vector256.ConvertToSingle(Vector256.Create(low, high).AsInt32());
        return (x * High) + (x * Low);
    }
}
