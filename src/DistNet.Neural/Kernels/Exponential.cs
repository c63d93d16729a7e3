using System.Numerics;
using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>exp and what is made from it, for one vector of any width; the same operations in the same order at each.</summary>
/// <remarks>
/// x = n ln 2 + r with |r| at most ln(2)/2 (Cody and Waite's two-part ln 2), exp(r) = 1 + (r + r^2 q(r)), and then scaling by
/// 2^n. The coefficients of q are minimax (Remez) for each type; their error is 5e-11 in float and 4e-18 in double.
/// </remarks>
internal static class Exponential<T, TVector, TSimd>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
    where TVector : struct
    where TSimd : struct, ISimd<TVector, T>
{
    /// <summary>e^x: overflow gives infinity; results below the smallest normal number are rounded once, down to 0; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Exp(TVector x)
    {
        var (lowest, highest) = IsSingle ? (-104.0, 89.0) : (-746.0, 710.0);
        x = Clamp(x, lowest, highest);
        var n = PowerOfTwo(x);
        var mantissa = TSimd.Add(TSimd.Constant(1), Expm1OfRemainder(x, n));
        // Two factors, because 2^n alone leaves the exponent's range where e^x is infinite or denormal.
        var half = Round(TSimd.Multiply(n, TSimd.Constant(0.5)));
        return TSimd.Multiply(TSimd.Multiply(mantissa, Scale(half)), Scale(TSimd.Subtract(n, half)));
    }

    /// <summary>e^x - 1, accurate near 0 too; the sign of x is kept.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Expm1(TVector x)
    {
        var (lowest, highest) = IsSingle ? (-20.0, 89.0) : (-40.0, 710.0);
        var clamped = Clamp(x, lowest, highest);
        var n = PowerOfTwo(clamped);
        var remainder = Expm1OfRemainder(clamped, n);
        // Halved and doubled again, because 2^n overflows before e^x does.
        var scale = Scale(TSimd.Subtract(n, TSimd.Constant(1)));
        var halved = TSimd.FusedMultiplyAdd(remainder, scale, TSimd.Subtract(scale, TSimd.Constant(0.5)));
        return TSimd.CopySign(TSimd.Add(halved, halved), x);
    }

    /// <summary>1 / (1 + e^-x), through e^-|x|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Sigmoid(TVector x)
    {
        var one = TSimd.Constant(1);
        var tail = Exp(TSimd.CopySign(x, TSimd.Constant(-1)));
        var numerator = TSimd.ChooseLessOrEqual(x, TSimd.Constant(0), tail, one);
        return TSimd.Divide(numerator, TSimd.Add(one, tail));
    }

    /// <summary>tanh x = t / (t + 2) with t = e^(2|x|) - 1, and the sign of x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Tanh(TVector x)
    {
        // From 2|x| = 44 on, tanh is 1 in both types; beyond, t would become infinite.
        var doubled = TSimd.Abs(TSimd.Add(x, x));
        var t = Expm1(TSimd.ChooseLessOrEqual(TSimd.Constant(44), doubled, TSimd.Constant(44), doubled));
        return TSimd.CopySign(TSimd.Divide(t, TSimd.Add(t, TSimd.Constant(2))), x);
    }

    /// <summary>max(x, 0); NaN stays NaN, so that a diverged network shows, and -0 becomes 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Relu(TVector x) => TSimd.ChooseLessOrEqual(x, TSimd.Constant(0), TSimd.Constant(0), x);

    // 1.5 * 2^23 and 1.5 * 2^52: added to a number, they leave its whole part in the lowest bits.
    private const double SingleShift = 12582912;
    private const double DoubleShift = 6755399441055744;

    private static bool IsSingle => typeof(T) == typeof(float);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Clamp(TVector x, double lowest, double highest)
    {
        x = TSimd.ChooseLessOrEqual(x, TSimd.Constant(lowest), TSimd.Constant(lowest), x);
        return TSimd.ChooseLessOrEqual(TSimd.Constant(highest), x, TSimd.Constant(highest), x);
    }

    /// <summary>The whole number nearest to x / ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector PowerOfTwo(TVector x) => Round(TSimd.Multiply(x, TSimd.Constant(1.4426950408889634)));

    /// <summary>The nearest whole number, by pushing the fraction out of the significand: the same at every width.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Round(TVector value)
    {
        var shift = TSimd.Constant(IsSingle ? SingleShift : DoubleShift);
        return TSimd.Subtract(TSimd.Add(value, shift), shift);
    }

    /// <summary>2^n for a whole number n within the exponent's range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Scale(TVector n) =>
        TSimd.ShiftIntoExponent(TSimd.Add(n, TSimd.Constant(IsSingle ? SingleShift + 127 : DoubleShift + 1023)));

    /// <summary>e^r - 1 for r = x - n ln 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Expm1OfRemainder(TVector x, TVector n)
    {
        var (high, low) = IsSingle ? (0.693145751953125, 1.4286068203094172e-6) : (0.6931471805599453, 2.3190468138462996e-17);
        var r = TSimd.FusedMultiplyAdd(n, TSimd.Constant(-high), x);
        r = TSimd.FusedMultiplyAdd(n, TSimd.Constant(-low), r);
        var q = IsSingle ? SinglePolynomial(r) : DoublePolynomial(r);
        return TSimd.FusedMultiplyAdd(TSimd.Multiply(r, r), q, r);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector SinglePolynomial(TVector r)
    {
        var q = TSimd.Constant(0.00019789330945992997);
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.0013944421590885800));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.0083334983972956611));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.041666299131258663));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.16666665866675788));
        return TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.50000000659915901));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector DoublePolynomial(TVector r)
    {
        var q = TSimd.Constant(2.4999075479691845728e-8);
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(2.7629875319085136829e-7));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(2.7557588114394868075e-6));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(2.4801494243044368682e-5));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(1.9841269506677801609e-4));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.0013888888942401010273));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.0083333333334931012858));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.041666666666535501603));
        q = TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.16666666666666417685));
        return TSimd.FusedMultiplyAdd(q, r, TSimd.Constant(0.50000000000000098687));
    }
}
