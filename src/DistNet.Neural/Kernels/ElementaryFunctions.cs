using System.Numerics;

namespace DistNet.Neural.Kernels;

/// <summary>exp, log and their relatives from +, -, *, / and fused multiply-add alone, so that every machine computes the same bits.</summary>
/// <remarks>
/// The platform's own differ between machines. Errors stay within 2 units in the last place, where not said otherwise. A span
/// and a single number give the same bits at every vector width. NaN gives NaN.
/// </remarks>
public static partial class ElementaryFunctions
{
    /// <summary>e^x. Infinity where it overflows; gradual underflow to 0.</summary>
    /// <param name="x">Any number.</param>
    public static T Exp<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Exponential<T, T, SimdScalar<T>>.Exp(x);

    /// <summary>e^x - 1, accurate near 0 too.</summary>
    /// <param name="x">Any number.</param>
    public static T Expm1<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Exponential<T, T, SimdScalar<T>>.Expm1(x);

    /// <summary>The logistic function 1 / (1 + e^-x); neither side overflows.</summary>
    /// <param name="x">Any number.</param>
    public static T Sigmoid<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Exponential<T, T, SimdScalar<T>>.Sigmoid(x);

    /// <summary>The hyperbolic tangent, accurate near 0 too; odd to the bit.</summary>
    /// <param name="x">Any number.</param>
    public static T Tanh<T>(T x)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Exponential<T, T, SimdScalar<T>>.Tanh(x);

    /// <summary>The natural logarithm: -infinity of 0, NaN of a negative number.</summary>
    /// <param name="x">Any number.</param>
    /// <remarks>x = 2^k m, m near 1, s = f / (2 + f) for f = m - 1, and log m = 2 artanh s, arranged as in FreeBSD's e_log.c.</remarks>
    public static double Log(double x)
    {
        if (!(x > 0) || double.IsPositiveInfinity(x))
            return x == 0 ? double.NegativeInfinity : x > 0 ? x : double.NaN;
        var (f, k) = ReduceLogarithm(x);
        var s = f / (2 + f);
        var half = 0.5 * f * f;
        var corrected = s * (half + ArtanhSeries(s * s)) + k * Ln2Low;
        return k * Ln2High - (half - corrected - f);
    }

    /// <summary>x to a whole power by repeated squaring; a negative power is the reciprocal of the positive one.</summary>
    /// <param name="x">The base.</param>
    /// <param name="exponent">Any whole number; 0 gives 1.</param>
    /// <remarks>Multiplies from the exponent's lowest bit up. The relative error grows with the exponent, about half a unit in the last place each.</remarks>
    public static double Power(double x, long exponent)
    {
        var power = 1.0;
        for (var bits = exponent < 0 ? 0UL - (ulong)exponent : (ulong)exponent; bits > 0; bits >>= 1)
        {
            if ((bits & 1) == 1)
                power *= x;
            x *= x;
        }
        return exponent < 0 ? 1 / power : power;
    }

    /// <summary>x to a real power, e^(exponent log x).</summary>
    /// <param name="x">The base, not negative.</param>
    /// <param name="exponent">Any number; 0 gives 1.</param>
    /// <remarks>The relative error is about |exponent log x| units in the last place. A negative base gives NaN.</remarks>
    public static double Power(double x, double exponent) => exponent == 0 ? 1 : Exp(exponent * Log(x));

    /// <summary>The cosine.</summary>
    /// <param name="x">An angle in radians, within 2^30 of 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The angle is larger: a float's neighbours would be too far apart to mean it.</exception>
    public static double Cos(double x)
    {
        if (double.IsNaN(x))
            return x;
        ArgumentOutOfRangeException.ThrowIfGreaterThan(Math.Abs(x), MaxAngle, nameof(x));
        var quarter = Math.Round(x * (2 / Math.PI));
        // Cody and Waite's three-part pi/2; each product is exact inside its fused multiply-add.
        var r = Math.FusedMultiplyAdd(quarter, -1.5707963267948966, x);
        r = Math.FusedMultiplyAdd(quarter, -6.123233995736766e-17, r);
        r = Math.FusedMultiplyAdd(quarter, 1.4973849048591833e-33, r);
        return ((long)quarter & 3) switch
        {
            0 => CosineSeries(r),
            1 => -SineSeries(r),
            2 => -CosineSeries(r),
            _ => SineSeries(r),
        };
    }
}
