namespace DistNet.Neural;

/// <summary>
/// Adam: m := m + (g - m) (1 - b1); v := v + (g g - v) (1 - b2); w := w - m A / (sqrt(v) + e),
/// with A = a sqrt(1 - b2^t) / (1 - b1^t) in step t. Kingma and Ba 2015, in the more efficient order at the end of their section 2,
/// as in Keras; A is computed in double precision.
/// </summary>
/// <param name="LearningRate">Step size a.</param>
/// <param name="Beta1">Decay b1 of the mean m.</param>
/// <param name="Beta2">Decay b2 of the mean of squares v.</param>
/// <param name="Epsilon">e, keeps the divisor from 0.</param>
public sealed record AdamOptimizer(float LearningRate = 0.001f, float Beta1 = 0.9f, float Beta2 = 0.999f, float Epsilon = 1e-7f)
    : OptimizerSpec("adam", LearningRate)
{
    private static readonly string[] Slots = ["momentum", "velocity"];

    /// <inheritdoc/>
    public override IReadOnlyList<string> SlotNames => Slots;

    internal static AdamOptimizer Read(NamedOptions options) =>
        new(
            options.Single("learningRate", 0.001f), options.Single("beta1", 0.9f), options.Single("beta2", 0.999f),
            options.Single("epsilon", 1e-7f));

    internal override IEnumerable<KeyValuePair<string, float>> Constants() =>
        [new("learningRate", LearningRate), new("beta1", Beta1), new("beta2", Beta2), new("epsilon", Epsilon)];

    internal override void Update(in UpdateArguments arguments) =>
        UpdateLoop.Run(arguments, new AdamRule(AdamRule.StepSize(arguments, Beta1, Beta2), Beta1, Beta2, Epsilon, decay: 0));
}
