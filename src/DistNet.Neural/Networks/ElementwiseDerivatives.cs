using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>dLoss/dz := dLoss/da da/dz, in place, for the activations that act on each unit by itself.</summary>
internal static class ElementwiseDerivatives
{
    /// <summary>a > 0 ? dLoss/da : 0; the derivative at 0 is taken as 0.</summary>
    public static void Relu<T>(ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, ReluRule<T>>(outputs, delta);

    /// <summary>dLoss/da a (1 - a).</summary>
    public static void Sigmoid<T>(ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, SigmoidRule<T>>(outputs, delta);

    /// <summary>dLoss/da (1 - a a).</summary>
    public static void Tanh<T>(ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T> => Run<T, TanhRule<T>>(outputs, delta);

    private static void Run<T, TRule>(ReadOnlySpan<T> outputs, Span<T> delta)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
        where TRule : struct, IDerivative<T>
    {
        var pass = new Pass<T, TRule>(outputs[..delta.Length], delta);
        Elementwise.Run<T, Pass<T, TRule>>(delta.Length, ref pass);
    }

    private interface IDerivative<T>
        where T : unmanaged
    {
        /// <summary>dLoss/dz of one lane from a and dLoss/da.</summary>
        static abstract TVector Apply<TVector, TSimd>(TVector output, TVector delta)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T>;
    }

    private readonly ref struct Pass<T, TRule>(ReadOnlySpan<T> outputs, Span<T> delta) : IElementwise<T>
        where T : unmanaged
        where TRule : struct, IDerivative<T>
    {
        private readonly ref T _output = ref MemoryMarshal.GetReference(outputs);
        private readonly ref T _delta = ref MemoryMarshal.GetReference(delta);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public void Apply<TVector, TSimd>(nint index)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T>
        {
            var result = TRule.Apply<TVector, TSimd>(TSimd.Load(ref _output, index), TSimd.Load(ref _delta, index));
            TSimd.Store(result, ref _delta, index);
        }
    }

    private readonly struct ReluRule<T> : IDerivative<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TVector, TSimd>(TVector output, TVector delta)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T>
        {
            var zero = TSimd.Broadcast(T.Zero);
            return TSimd.ChooseLessOrEqual(output, zero, zero, delta);
        }
    }

    private readonly struct SigmoidRule<T> : IDerivative<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TVector, TSimd>(TVector output, TVector delta)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T>
        {
            return TSimd.Multiply(delta, TSimd.Multiply(output, TSimd.Subtract(TSimd.Broadcast(T.One), output)));
        }
    }

    private readonly struct TanhRule<T> : IDerivative<T>
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Apply<TVector, TSimd>(TVector output, TVector delta)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, T>
        {
            return TSimd.Multiply(delta, TSimd.Subtract(TSimd.Broadcast(T.One), TSimd.Multiply(output, output)));
        }
    }
}
