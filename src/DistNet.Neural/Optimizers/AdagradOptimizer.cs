using System.Runtime.CompilerServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>AdaGrad: s := s + g g; w := w - a g / sqrt(s + e). Duchi, Hazan and Singer 2011.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="InitialAccumulator">What s starts from.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record AdagradOptimizer(float LearningRate = 0.001f, float InitialAccumulator = 0.1f, float Epsilon = 1e-7f)
    : OptimizerSpec("adagrad", LearningRate)
{
    private static readonly string[] Slots = ["accumulator"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => Slots;

    internal override float InitialSlotValue => InitialAccumulator;

    internal static AdagradOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.001f), options.Single("initialAccumulator", 0.1f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [new("learningRate", LearningRate), new("initialAccumulator", InitialAccumulator), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments) => UpdateLoop.Run(arguments, new Rule(arguments.LearningRate, Epsilon));

    private readonly struct Rule(float learningRate, float epsilon) : IUpdateRule
    {
        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, float>
        {
            first = TSimd.Add(first, TSimd.Multiply(gradient, gradient));
            var root = TSimd.Sqrt(TSimd.Add(first, TSimd.Broadcast(epsilon)));
            return TSimd.Subtract(current, TSimd.Divide(TSimd.Multiply(TSimd.Broadcast(learningRate), gradient), root));
        }
    }
}
