namespace DistNet.Neural;

/// <summary>Has the code of a step compiled before the first step is timed.</summary>
public static class WarmUp
{
    // A full tile of every kernel and an edge beside it.
    private const int Width = 40;

    /// <summary>Makes one step of a small network with the run's activations, loss and optimizer, over an example of zeros. Nothing of it stays.</summary>
    /// <param name="spec">The run's specification, a possible one.</param>
    public static void Step(TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var network = Small(spec.Network);
        var layout = ParameterLayout.For(network);
        var examples = spec.MicroBatchSize > Width ? 1 : spec.MicroBatchSize + 1;
        var backpropagation = new Backpropagation<float>(network, spec.MicroBatchSize, examples);
        var (parameters, sum) = (new float[layout.Count], new float[layout.Count]);
        backpropagation.Drop(spec.Seed, epoch: 1, new int[examples]);
        backpropagation.Forward(parameters, examples);
        _ = backpropagation.Measure(0, examples);
        backpropagation.GradientSum(parameters, 0, examples, sum);
        new OptimizerState(spec with { Network = network }, layout, 0, layout.Count, totalSteps: 1)
            .Update(0, sum, examples, version: 0, parameters, parameters);
    }

    private static NetworkSpec Small(NetworkSpec network) => network with
    {
        InputSize = Math.Min(network.InputSize, Width),
        Layers = [.. network.Layers.Select(layer => layer with { Units = Math.Min(layer.Units, Width) })],
    };
}
