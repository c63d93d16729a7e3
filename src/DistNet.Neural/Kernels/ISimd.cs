namespace DistNet.Neural.Kernels;

/// <summary>All that an element-wise function needs on a vector; each operation is exact or correctly rounded in every lane.</summary>
/// <typeparam name="TVector">The vector register: <c>Vector512</c>, <c>Vector256</c>, <c>Vector128</c>, or the number itself.</typeparam>
/// <typeparam name="T">The number in a lane: float or double.</typeparam>
internal interface ISimd<TVector, T> : ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>The constant, rounded to T, in every lane.</summary>
    static abstract TVector Constant(double value);

    /// <summary>left - right.</summary>
    static abstract TVector Subtract(TVector left, TVector right);

    /// <summary>left * right.</summary>
    static abstract TVector Multiply(TVector left, TVector right);

    /// <summary>left / right.</summary>
    static abstract TVector Divide(TVector left, TVector right);

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
