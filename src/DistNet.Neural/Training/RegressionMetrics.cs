namespace DistNet.Neural;

/// <summary>How well a network predicts numbers, in the target's own unit.</summary>
/// <param name="MeanSquaredError">Mean of (t - y)^2.</param>
/// <param name="MeanAbsoluteError">Mean of |t - y|.</param>
/// <param name="R2">1 - sum (t - y)^2 / sum (t - mean t)^2: 1 is perfect, 0 no better than the mean; 0 where all targets are equal.</param>
public sealed record RegressionMetrics(double MeanSquaredError, double MeanAbsoluteError, double R2)
{
    /// <summary>Measures a model on examples.</summary>
    /// <exception cref="InvalidDataException">The examples do not fit the network.</exception>
    public static RegressionMetrics Of(NetworkSpec network, ReadOnlySpan<float> parameters, IExampleSet examples, TableSchema schema)
    {
        ArgumentNullException.ThrowIfNull(examples);
        ArgumentNullException.ThrowIfNull(schema);
        DataRules.RequireFit(network, examples);
        var pass = new ForwardPass<float>(network, 1, 1);
        var (target, targets) = (new float[1], new double[examples.Count]);
        var (squares, absolutes) = (0.0, 0.0);
        for (var i = 0; i < examples.Count; i++)
        {
            examples.Gather([i], pass.Inputs(1), target);
            pass.Forward(parameters, 1);
            targets[i] = schema.Unscale(target[0]);
            var error = targets[i] - schema.Unscale(pass.Outputs(1)[0]);
            squares += error * error;
            absolutes += Math.Abs(error);
        }

        var mean = targets.Sum() / targets.Length;
        var spread = targets.Sum(value => (value - mean) * (value - mean));
        return new RegressionMetrics(squares / targets.Length, absolutes / targets.Length, spread == 0 ? 0 : 1 - (squares / spread));
    }
}
