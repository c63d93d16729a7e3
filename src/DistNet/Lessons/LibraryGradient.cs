using DistNet.Neural;

namespace DistNet;

/// <summary>The same derivatives by the code that trains, in double precision.</summary>
internal static class LibraryGradient
{
    /// <summary>dE/dw and dE/db in the order of <see cref="HandNetwork.Parameters"/>.</summary>
    public static double[] Of(HandNetwork hand, IReadOnlyList<double> input, IReadOnlyList<double> target)
    {
        var network = Network(hand);
        var layout = ParameterLayout.For(network);
        var (parameters, sum) = (new double[layout.Count], new double[layout.Count]);
        foreach (var parameter in hand.Parameters())
            parameters[Place(layout, parameter)] = hand[parameter];
        var pass = new Backpropagation<double>(network, microBatchSize: 1, maxExamples: 1);
        input.ToArray().CopyTo(pass.Inputs(1));
        target.ToArray().CopyTo(pass.Targets(1));
        pass.Forward(parameters, 1);
        pass.GradientSum(parameters, 0, 1, sum);
        return [.. hand.Parameters().Select(parameter => sum[Place(layout, parameter)])];
    }

    private static NetworkSpec Network(HandNetwork hand)
    {
        var builder = NetworkSpec.WithInputs(hand.Units(1));
        for (var layer = 2; layer <= hand.Layers; layer++)
            builder = builder.Dense(hand.Units(layer), Activation.Sigmoid);
        return builder.Minimize(Loss.HalfSquaredError);
    }

    // A kernel has a row for each unit that a weight comes from, and a column for each that it goes to.
    private static int Place(ParameterLayout layout, Parameter parameter)
    {
        var tensor = parameter.IsBias ? layout.Bias(parameter.Layer - 2) : layout.Kernel(parameter.Layer - 2);
        return tensor.Offset + ((parameter.IsBias ? 0 : parameter.From - 1) * tensor.Columns) + parameter.Unit - 1;
    }
}
