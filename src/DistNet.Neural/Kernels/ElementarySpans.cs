using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace DistNet.Neural.Kernels;

/// <content>The same functions over spans, vectorised.</content>
public static partial class ElementaryFunctions
{
    /// <summary>y = e^x, element by element.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">Overwritten; may be x itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or y overlaps x without being it.</exception>
    public static void Exp<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, ExpOf<T>>(x, y);

    /// <summary>y = 1 / (1 + e^-x), element by element.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">Overwritten; may be x itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or y overlaps x without being it.</exception>
    public static void Sigmoid<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, SigmoidOf<T>>(x, y);

    /// <summary>y = tanh x, element by element.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">Overwritten; may be x itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or y overlaps x without being it.</exception>
    public static void Tanh<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, TanhOf<T>>(x, y);

    /// <summary>y = max(x, 0), element by element; NaN stays NaN, and -0 becomes 0.</summary>
    /// <param name="x">Any numbers.</param>
    /// <param name="y">Overwritten; may be x itself.</param>
    /// <exception cref="ArgumentException">The lengths differ, or y overlaps x without being it.</exception>
    public static void Relu<T>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Map<T, ReluOf<T>>(x, y);

    private static void Map<T, TFunction>(ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TFunction : struct, ILaneFunction<T>
    {
        KernelShapes.CheckMap<T>(x, y);
        var operation = new Mapping<T, TFunction>(x, y);
        Elementwise.Run<T, Mapping<T, TFunction>>(y.Length, ref operation);
    }
}

/// <summary>A function of one number, for one vector of any width.</summary>
internal interface ILaneFunction<T>
    where T : unmanaged
{
    static abstract TVector Of<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>Applies a function of one number to the elements of one span, into another.</summary>
internal ref struct Mapping<T, TFunction>(ReadOnlySpan<T> x, Span<T> y) : IElementwise<T>
    where T : unmanaged
    where TFunction : struct, ILaneFunction<T>
{
    private readonly ref T _x = ref MemoryMarshal.GetReference(x);
    private readonly ref T _y = ref MemoryMarshal.GetReference(y);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly void Apply<TVector, TSimd>(nint index)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> =>
        TSimd.Store(TFunction.Of<TVector, TSimd>(TSimd.Load(ref _x, index)), ref _y, index);
}

internal readonly struct ExpOf<T> : ILaneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> => Exponential<T, TVector, TSimd>.Exp(x);
}

internal readonly struct SigmoidOf<T> : ILaneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> => Exponential<T, TVector, TSimd>.Sigmoid(x);
}

internal readonly struct TanhOf<T> : ILaneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> => Exponential<T, TVector, TSimd>.Tanh(x);
}

internal readonly struct ReluOf<T> : ILaneFunction<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static TVector Of<TVector, TSimd>(TVector x)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, T> => Exponential<T, TVector, TSimd>.Relu(x);
}
