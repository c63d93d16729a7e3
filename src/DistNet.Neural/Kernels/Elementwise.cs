using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace DistNet.Neural.Kernels;

/// <summary>A computation on each element of some spans by itself, written once for all vector widths.</summary>
/// <remarks>A struct (a ref struct may hold the spans' references). It must not look at other elements than it is told.</remarks>
internal interface IElementwise<T>
    where T : unmanaged
{
    /// <summary>Computes the elements [index, index + TSimd.Lanes).</summary>
    void Apply<TVector, TSimd>(nint index)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>Runs an element-wise computation at the widest vectors the processor has; the tail runs lane by lane, with the same bits.</summary>
internal static class Elementwise
{
    /// <summary>Applies the operation to the elements 0 ... length - 1. The caller has checked that its spans are that long.</summary>
    public static void Run<T, TOperation>(int length, ref TOperation operation)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TOperation : struct, IElementwise<T>, allows ref struct
    {
        var done = Vector512.IsHardwareAccelerated ? Run<T, Vector512<T>, Simd512<T>, TOperation>(0, length, ref operation)
            : Vector256.IsHardwareAccelerated ? Run<T, Vector256<T>, Simd256<T>, TOperation>(0, length, ref operation)
            : Vector128.IsHardwareAccelerated ? Run<T, Vector128<T>, Simd128<T>, TOperation>(0, length, ref operation)
            : 0;
        Run<T, T, SimdScalar<T>, TOperation>(done, length, ref operation);
    }

    /// <summary>Applies the operation to whole vectors from <paramref name="start"/> on and returns how far it came.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static nint Run<T, TVector, TSimd, TOperation>(nint start, nint length, ref TOperation operation)
        where T : unmanaged
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>
        where TOperation : struct, IElementwise<T>, allows ref struct
    {
        var index = start;
        for (; index <= length - TSimd.Lanes; index += TSimd.Lanes)
            operation.Apply<TVector, TSimd>(index);
        return index;
    }
}
