namespace DistNet.Neural;

/// <summary>Adam with decoupled weight decay: w := w - w d a, then Adam's step. Loshchilov and Hutter 2019; applied to kernels and biases alike, as in Keras.</summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="WeightDecay">d, not part of the gradient.</param>
/// <param name="Beta1">Decay b1 of the mean.</param>
/// <param name="Beta2">Decay b2 of the mean of squares.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record AdamWOptimizer(float LearningRate = 0.001f, float WeightDecay = 0.004f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f)
    : OptimizerSpec("adamw", LearningRate)
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => ["momentum", "velocity"];

    internal static AdamWOptimizer Read(NamedOptions options) =>
        new(options.Single("learningRate", 0.001f), options.Single("weightDecay", 0.004f), options.Single("beta1", 0.9f), options.Single("beta2", 0.999f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() => [new("learningRate", LearningRate), new("weightDecay", WeightDecay), new("beta1", Beta1), new("beta2", Beta2), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments)
    {
        for (var index = 0; index < arguments.Next.Length; index++)
        {
            var g = arguments.Gradient(index);
            var m = arguments.FirstSlot[index];
            m += (g - m) * (1 - Beta1);
            var v = arguments.SecondSlot[index];
            v += ((g * g) - v) * (1 - Beta2);
            arguments.FirstSlot[index] = m;
            arguments.SecondSlot[index] = v;
            arguments.Next[index] = arguments.Current[index] - (m * arguments.LearningRate / (MathF.Sqrt(v) + Epsilon));
        }
    }
}
