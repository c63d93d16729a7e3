using System.Runtime.CompilerServices;

namespace DistNet.Neural.Kernels;

/// <summary>Two vectors side by side, used as one that is twice as wide.</summary>
internal readonly struct Pair<TVector>(TVector first, TVector second)
    where TVector : struct
{
    public readonly TVector First = first;
    public readonly TVector Second = second;
}

/// <summary>The lanes of two vectors.</summary>
internal readonly struct PairLanes<TVector, T, TLanes> : ILanes<Pair<TVector>, T>
    where TVector : struct
    where T : unmanaged
    where TLanes : struct, ILanes<TVector, T>
{
    public static int Lanes => 2 * TLanes.Lanes;

    public static int Registers => TLanes.Registers;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Load(ref T origin, nint index) =>
        new(TLanes.Load(ref origin, index), TLanes.Load(ref origin, index + TLanes.Lanes));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<TVector> value, ref T origin, nint index)
    {
        TLanes.Store(value.First, ref origin, index);
        TLanes.Store(value.Second, ref origin, index + TLanes.Lanes);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Broadcast(T value)
    {
        var vector = TLanes.Broadcast(value);
        return new(vector, vector);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Add(Pair<TVector> left, Pair<TVector> right) =>
        new(TLanes.Add(left.First, right.First), TLanes.Add(left.Second, right.Second));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> FusedMultiplyAdd(Pair<TVector> left, Pair<TVector> right, Pair<TVector> addend) => new(
        TLanes.FusedMultiplyAdd(left.First, right.First, addend.First),
        TLanes.FusedMultiplyAdd(left.Second, right.Second, addend.Second));
}
