namespace DistNet.Neural;

/// <summary>
/// Adam with decoupled weight decay: w := w - w d a, then the step of <see cref="AdamOptimizer"/>. Loshchilov and Hutter 2019;
/// applied to kernels and biases alike, as in Keras.
/// </summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="WeightDecay">d, no part of the gradient.</param>
/// <param name="Beta1">Decay b1 of the mean m.</param>
/// <param name="Beta2">Decay b2 of the mean of squares v.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record AdamWOptimizer(
    float LearningRate = 0.001f, float WeightDecay = 0.004f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f)
    : OptimizerSpec("adamw", LearningRate)
{
    private static readonly string[] Slots = ["momentum", "velocity"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => Slots;

    internal static AdamWOptimizer Read(NamedOptions options) =>
        new(
            options.Single("learningRate", 0.001f), options.Single("weightDecay", 0.004f), options.Single("beta1", 0.9f),
            options.Single("beta2", 0.999f), options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [
            new("learningRate", LearningRate), new("weightDecay", WeightDecay), new("beta1", Beta1), new("beta2", Beta2),
            new("epsilon", Epsilon),
        ];

    internal override void Update(in UpdateArguments arguments)
    {
        var decay = WeightDecay * arguments.LearningRate;
        UpdateLoop.Run(arguments, new AdamRule(AdamRule.StepSize(arguments, Beta1, Beta2), Beta1, Beta2, Epsilon, decay));
    }
}
