using System.Runtime.CompilerServices;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Nesterov's momentum: m := b m - a g; w := w + (b m - a g). Keras's SGD with momentum 0.9 and nesterov. Sutskever et
/// al. 2013.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Momentum">Share b of the last movement that is kept.</param>
public sealed record NesterovOptimizer(float LearningRate = 0.01f, float Momentum = 0.9f)
    : OptimizerSpec("nesterov", LearningRate)
{
    private static readonly string[] Slots = ["momentum"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => Slots;

    internal static NesterovOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.01f), options.Single("momentum", 0.9f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [new("learningRate", LearningRate), new("momentum", Momentum)];

    internal override void Update(in UpdateArguments arguments) => UpdateLoop.Run(arguments, new Rule(arguments.LearningRate, Momentum));

    private readonly struct Rule(float learningRate, float momentum) : IUpdateRule
    {
        public static int SlotCount => 1;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public TVector Next<TVector, TSimd>(TVector gradient, TVector current, ref TVector first, ref TVector second)
            where TVector : struct
            where TSimd : struct, ISimd<TVector, float>
        {
            var step = TSimd.Multiply(TSimd.Broadcast(learningRate), gradient);
            first = TSimd.Subtract(TSimd.Multiply(TSimd.Broadcast(momentum), first), step);
            return TSimd.Add(current, TSimd.Subtract(TSimd.Multiply(TSimd.Broadcast(momentum), first), step));
        }
    }
}
