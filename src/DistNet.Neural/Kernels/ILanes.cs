namespace DistNet.Neural.Kernels;

/// <summary>Independent lanes and the operations a matrix product needs on them.</summary>
/// <typeparam name="TVector">The lanes: a vector register, a pair of them, or a single number.</typeparam>
/// <typeparam name="T">The number in a lane: float or double.</typeparam>
/// <remarks>
/// A kernel is written once over this interface and the JIT makes a copy for each width. Nothing here crosses lanes and
/// nothing is an estimate, so a lane computes the same bits at every width.
/// </remarks>
internal interface ILanes<TVector, T>
    where TVector : struct
    where T : unmanaged
{
    /// <summary>Numbers in a vector.</summary>
    static abstract int Lanes { get; }

    /// <summary>Vector registers that the processor has at this width: 16 or 32.</summary>
    static abstract int Registers { get; }

    /// <summary>The lanes at <paramref name="origin"/>[index ...]; nothing checks the bounds.</summary>
    static abstract TVector Load(ref T origin, nint index);

    /// <summary>Writes the lanes to <paramref name="origin"/>[index ...]; nothing checks the bounds.</summary>
    static abstract void Store(TVector value, ref T origin, nint index);

    /// <summary>The number in every lane.</summary>
    static abstract TVector Broadcast(T value);

    /// <summary>left + right.</summary>
    static abstract TVector Add(TVector left, TVector right);

    /// <summary>left * right + addend, rounded once.</summary>
    static abstract TVector FusedMultiplyAdd(TVector left, TVector right, TVector addend);
}
