namespace DistNet.Neural;

/// <summary>Nesterov's momentum: m := b m - a g; w := w + b m - a g. Keras's SGD with momentum 0.9 and nesterov. Sutskever et al. 2013.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Momentum">Share b of the last movement that is kept.</param>
public sealed record NesterovOptimizer(float LearningRate = 0.01f, float Momentum = 0.9f)
    : OptimizerSpec("nesterov", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["momentum"];

    internal static NesterovOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.01f), options.Single("momentum", 0.9f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate), new("momentum", Momentum)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            var step = arguments.LearningRate * arguments.Gradient(index);
            var m = (Momentum * arguments.FirstSlot[index]) - step;
            arguments.FirstSlot[index] = m;
            arguments.Next[index] = arguments.Current[index] + ((Momentum * m) - step);
        }
    }
}
