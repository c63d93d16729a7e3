namespace DistNet.Neural;

/// <summary>RMSprop: v := r v + (1 - r) g g; w := w - a g / sqrt(v + e). Hinton, Coursera lecture 6e, 2012; e inside the root, as in Keras.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Rho">Share r of the old mean of squares that is kept.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record RmsPropOptimizer(float LearningRate = 0.001f, float Rho = 0.9f, float Epsilon = 1e-7f)
    : OptimizerSpec("rmsprop", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["velocity"];

    internal static RmsPropOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.001f), options.Single("rho", 0.9f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate), new("rho", Rho), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            var g = arguments.Gradient(index);
            var v = (Rho * arguments.FirstSlot[index]) + ((1 - Rho) * (g * g));
            arguments.FirstSlot[index] = v;
            arguments.Next[index] = arguments.Current[index] - (arguments.LearningRate * g / MathF.Sqrt(v + Epsilon));
        }
    }
}
