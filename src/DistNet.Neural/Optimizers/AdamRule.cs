using System.Runtime.CompilerServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>What <see cref="AdamOptimizer"/> and <see cref="AdamWOptimizer"/> share.</summary>
/// <param name="stepSize">A, the learning rate with both bias corrections.</param>
/// <param name="beta1">Decay of the mean.</param>
/// <param name="beta2">Decay of the mean of squares.</param>
/// <param name="epsilon">Keeps the divisor from 0.</param>
/// <param name="decay">Share of w that is taken away first; 0 leaves w as it is.</param>
internal readonly struct AdamRule(float stepSize, float beta1, float beta2, float epsilon, float decay) : IUpdateRule
{
    public static int SlotCount => 2;

    /// <summary>A = a sqrt(1 - b2^t) / (1 - b1^t), in double precision, rounded once.</summary>
    public static float StepSize(in UpdateArguments arguments, float beta1, float beta2)
    {
        var (mean, square) = (1 - ElementaryFunctions.Power(beta1, arguments.Step), 1 - ElementaryFunctions.Power(beta2, arguments.Step));
        return (float)(arguments.LearningRate * Math.Sqrt(square) / mean);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
        where TVector : struct
        where TSimd : struct, ISimd<TVector, float>
    {
        var kept = TSimd.Subtract(current, TSimd.Multiply(current, TSimd.Broadcast(decay)));
        var square = TSimd.Multiply(gradient, gradient);
        first = TSimd.Add(first, TSimd.Multiply(TSimd.Subtract(gradient, first), TSimd.Broadcast(1 - beta1)));
        second = TSimd.Add(second, TSimd.Multiply(TSimd.Subtract(square, second), TSimd.Broadcast(1 - beta2)));
        var divisor = TSimd.Add(TSimd.Sqrt(second), TSimd.Broadcast(epsilon));
        return TSimd.Subtract(kept, TSimd.Divide(TSimd.Multiply(first, TSimd.Broadcast(stepSize)), divisor));
    }
}
