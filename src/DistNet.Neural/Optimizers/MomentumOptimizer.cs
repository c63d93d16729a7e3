namespace DistNet.Neural;

/// <summary>Gradient descent with momentum: m := b m - a g; w := w + m. Keras's SGD with momentum 0.9. Polyak 1964.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Momentum">Share b of the last movement that is kept.</param>
public sealed record MomentumOptimizer(float LearningRate = 0.01f, float Momentum = 0.9f)
    : OptimizerSpec("momentum", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["momentum"];

    internal static MomentumOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.01f), options.Single("momentum", 0.9f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate), new("momentum", Momentum)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            var m = (Momentum * arguments.FirstSlot[index]) - (arguments.LearningRate * arguments.Gradient(index));
            arguments.FirstSlot[index] = m;
            arguments.Next[index] = arguments.Current[index] + m;
        }
    }
}
