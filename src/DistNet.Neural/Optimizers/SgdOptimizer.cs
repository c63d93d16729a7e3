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

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            arguments.Next[index] = arguments.Current[index] - (arguments.LearningRate * arguments.Gradient(index));
        }
    }
}
