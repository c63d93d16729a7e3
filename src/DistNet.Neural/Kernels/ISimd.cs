namespace DistNet.Neural.Kernels;

/// <summary>The operations a kernel needs on a vector of independent lanes; each is exact or correctly rounded in every lane.</summary>
/// <typeparam name="TVector">The vector register: <c>Vector512</c>, <c>Vector256</c>, <c>Vector128</c>, or the number itself.</typeparam>
/// <typeparam name="T">The number in a lane: float or double.</typeparam>
/// <remarks>
/// A kernel is written once over this interface and the JIT makes a copy for each width. Nothing here crosses lanes and
/// nothing is an estimate, so a lane computes the same bits at every width.
/// </remarks>
internal interface ISimd<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>The lanes at <paramref name="origin"/>[index ...]; nothing checks the bounds.</summary>
    static abstract TVector Load(ref T origin, nint index);

    /// <summary>Writes the lanes to <paramref name="origin"/>[index ...]; nothing checks the bounds.</summary>
    static abstract void Store(TVector value, ref T origin, nint index);

    /// <summary>The number in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>The constant, rounded to T, in every lane.</summary>
    static abstract TVector Constant(double value);

    /// <summary>left + right.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>left - right.</summary>
    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary>left * right.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left / right.</summary>
    static abstract TVector Divide(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);

    /// <summary>The square root.</summary>
    static abstract TVector Sqrt(TVector value);

    /// <summary>The value without its sign.</summary>
    static abstract TVector Abs(TVector value);

    /// <summary>The magnitude of one number with the sign of another.</summary>
    static abstract TVector CopySign(TVector magnitude, TVector sign);

    /// <summary>Lane by lane, left &lt;= right ? then : otherwise; a NaN on either side chooses <paramref name="otherwise"/>.</summary>
    static abstract TVector ChooseLessOrEqual(TVector left, TVector right, TVector then, TVector otherwise);

    /// <summary>The lane's bits shifted left until the lowest bit of the significand is the lowest bit of the exponent.</summary>
    static abstract TVector ShiftIntoExponent(TVector value);
}
