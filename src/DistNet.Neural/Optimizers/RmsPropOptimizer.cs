using System.Runtime.CompilerServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>RMSprop: v := r v + (1 - r) (g g); w := w - a g / sqrt(v + e). Tieleman and Hinton 2012 (lecture 6.5); e inside the
/// root, as in Keras.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Rho">Share r of the old mean of squares that is kept.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record RmsPropOptimizer(float LearningRate = 0.001f, float Rho = 0.9f, float Epsilon = 1e-7f)
    : OptimizerSpec("rmsprop", LearningRate)
{
    private static readonly string[] Slots = ["velocity"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => Slots;

    internal static RmsPropOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.001f), options.Single("rho", 0.9f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [new("learningRate", LearningRate), new("rho", Rho), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments) =>
        UpdateLoop.Run(arguments, new Rule(arguments.LearningRate, Rho, Epsilon));

    private readonly struct Rule(float learningRate, float rho, float epsilon) : IUpdateRule
    {
        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, float>
        {
            var square = TSimd.Multiply(gradient, gradient);
            first = TSimd.Add(TSimd.Multiply(TSimd.Broadcast(rho), first), TSimd.Multiply(TSimd.Broadcast(1 - rho), square));
            var root = TSimd.Sqrt(TSimd.Add(first, TSimd.Broadcast(epsilon)));
            return TSimd.Subtract(current, TSimd.Divide(TSimd.Multiply(TSimd.Broadcast(learningRate), gradient), root));
        }
    }
}
