using System.Runtime.CompilerServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Plain stochastic gradient descent: w := w - a g. Keras's SGD without momentum.</summary>
/// <param name="LearningRate">Step size a.</param>
public sealed record SgdOptimizer(float LearningRate = 0.01f)
    : OptimizerSpec("sgd", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => [];

    internal static SgdOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.01f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [new("learningRate", LearningRate)];

    internal override void Update(in UpdateArguments arguments) => UpdateLoop.Run(arguments, new Rule(arguments.LearningRate));

    private readonly struct Rule(float learningRate) : IUpdateRule
    {
        public static int SlotCount => 0;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, float>
        {
            return TSimd.Subtract(current, TSimd.Multiply(TSimd.Broadcast(learningRate), gradient));
        }
    }
}
