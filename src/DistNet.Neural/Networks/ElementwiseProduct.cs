using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>c = a b, element by element.</summary>
internal static class ElementwiseProduct
{
    /// <summary>Multiplies spans of one length; c may be a.</summary>
    public static void Of<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var product = new Product<T>(a[..c.Length], b[..c.Length], c);
        Elementwise.Run<T, Product<T>>(c.Length, ref product);
    }

    private readonly ref struct Product<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> c) : IElementwise<T>
        where T : unmanaged
    {
        private readonly ref T _a = ref MemoryMarshal.GetReference(a);
        private readonly ref T _b = ref MemoryMarshal.GetReference(b);
        private readonly ref T _c = ref MemoryMarshal.GetReference(c);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TVector, TSimd>(nint index)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T> =>
            TSimd.Store(TSimd.Multiply(TSimd.Load(ref _a, index), TSimd.Load(ref _b, index)), ref _c, index);
    }
}
