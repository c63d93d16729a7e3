namespace DistNet.Neural.Kernels;

/// <content>Argument reductions and power series.</content>
public static partial class ElementaryFunctions
{
    private const double MaxAngle = 1 << 30;

    // ln 2 in two parts; the high one has 20 trailing zero bits, so that its product with an exponent is exact.
    private const double Ln2High = 6.93147180369123816490e-01;
    private const double Ln2Low = 1.90821492927058770002e-10;

    /// <summary>x = 2^k (1 + f) with 1 + f between sqrt(1/2) and sqrt(2).</summary>
    private static (double F, int K) ReduceLogarithm(double x)
    {
        var denormal = x < 2.2250738585072014e-308;
        var bits = BitConverter.DoubleToInt64Bits(denormal ? x * 18014398509481984.0 : x); // 2^54
        var k = (int)(bits >> 52) - 1023 - (denormal ? 54 : 0);
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        return mantissa > 1.4142135623730951 ? (0.5 * mantissa - 1, k + 1) : (mantissa - 1, k);
    }

    /// <summary>(artanh(s) / s - 1) * 2 as a series in z = s^2, at most 0.0295: the sum of 2 z^i / (2i + 1).</summary>
    private static double ArtanhSeries(double z)
    {
        var sum = 2.0 / 23;
        for (var denominator = 21; denominator >= 3; denominator -= 2)
            sum = Math.FusedMultiplyAdd(sum, z, 2.0 / denominator);
        return sum * z;
    }

    /// <summary>cos r for |r| at most pi/4: the sum of (-1)^i r^2i / (2i)!.</summary>
    private static double CosineSeries(double r)
    {
        var z = r * r;
        var sum = 1.0;
        for (var i = 18; i >= 4; i -= 2)
            sum = Math.FusedMultiplyAdd(sum, -z / (i * (i - 1)), 1);
        // The first two terms apart: 1 - z/2 is where the rounding shows.
        return Math.FusedMultiplyAdd(z * sum, -0.5, 1);
    }

    /// <summary>sin r for |r| at most pi/4: the sum of (-1)^i r^(2i+1) / (2i + 1)!.</summary>
    private static double SineSeries(double r)
    {
        var z = r * r;
        var sum = 1.0;
        for (var i = 19; i >= 5; i -= 2)
            sum = Math.FusedMultiplyAdd(sum, -z / (i * (i - 1)), 1);
        return Math.FusedMultiplyAdd(r * z * sum, -1.0 / 6, r);
    }
}
