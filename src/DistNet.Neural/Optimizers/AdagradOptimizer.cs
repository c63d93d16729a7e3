namespace DistNet.Neural;

/// <summary>AdaGrad: s := s + g g; w := w - a g / sqrt(s + e). Duchi, Hazan and Singer 2011.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="InitialAccumulator">What s starts from.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record AdagradOptimizer(float LearningRate = 0.001f, float InitialAccumulator = 0.1f, float Epsilon = 1e-7f)
    : OptimizerSpec("adagrad", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["accumulator"];

    internal override float InitialSlotValue => InitialAccumulator;

    internal static AdagradOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.001f), options.Single("initialAccumulator", 0.1f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate), new("initialAccumulator", InitialAccumulator), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            var g = arguments.Gradient(index);
            var s = arguments.FirstSlot[index] + (g * g);
            arguments.FirstSlot[index] = s;
            arguments.Next[index] = arguments.Current[index] - (arguments.LearningRate * g / MathF.Sqrt(s + Epsilon));
        }
    }
}
