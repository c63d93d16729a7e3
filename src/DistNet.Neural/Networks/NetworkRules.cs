using System.Globalization;

namespace DistNet.Neural;

/// <summary>What makes a network impossible, each as one sentence that begins with the member's JSON path.</summary>
internal static class NetworkRules
{
    public static string? FirstProblem(NetworkSpec network)
    {
        if (network.InputSize < 1)
            return $"network.inputs must be at least 1, but is {network.InputSize}.";
        if (network.Layers.IsDefaultOrEmpty)
            return "network.layers must hold at least one dense layer, but is empty.";
        if (!Enum.IsDefined(network.Loss))
            return $"network.loss is {network.Loss}, which is no loss DistNet knows: choose {KerasNames.Choices<Loss>()}.";

        for (var index = 0; index < network.Layers.Length; index++)
        {
            if (LayerProblem(network.Layers[index], $"network.layers[{index}]") is { } problem)
                return problem;
        }

        return OutputProblem(network) ?? DropoutProblem(network) ?? SizeProblem(network);
    }

    private static string? LayerProblem(DenseSpec layer, string path) => layer switch
    {
        null => $"{path} must be a dense layer, but is null.",
        { Units: < 1 } => $"{path}.units must be at least 1, but is {layer.Units}.",
        _ when !Enum.IsDefined(layer.Activation) =>
            $"{path}.activation is {layer.Activation}, which is no activation DistNet knows: " +
            $"choose {KerasNames.Choices<Activation>()}.",
        _ when !Enum.IsDefined(layer.Initializer) =>
            $"{path}.initializer is {layer.Initializer}, which is no initializer DistNet knows: " +
            $"choose {KerasNames.Choices<Initializer>()}.",
        _ when !(layer.Dropout is >= 0 and < 1) =>
            $"{path}.dropout must be at least 0 and less than 1, but is {layer.Dropout.ToString(CultureInfo.InvariantCulture)}.",
        _ => null,
    };

    private static string? DropoutProblem(NetworkSpec network) => network.Layers[^1].Dropout == 0 ? null
        : $"network.layers[{network.Layers.Length - 1}].dropout must be 0, because the outputs are what is learnt, but is " +
          $"{network.Layers[^1].Dropout.ToString(CultureInfo.InvariantCulture)}.";

    /// <summary>A cross-entropy is fused with one activation; over another one it would be another loss.</summary>
    private static string? OutputProblem(NetworkSpec network)
    {
        Activation? needed = network.Loss switch
        {
            Loss.CategoricalCrossentropy => Activation.Softmax,
            Loss.BinaryCrossentropy => Activation.Sigmoid,
            _ => null,
        };
        var output = network.Layers.Length - 1;
        var found = network.Layers[output].Activation;
        if (found == Activation.Softmax && network.Layers[output].Units == 1)
            return $"network.layers[{output}].activation must not be softmax over a single unit, which is always 1 and learns nothing: use sigmoid or linear.";
        return needed is null || needed == found ? null
            : $"network.layers[{output}].activation must be {KerasNames.Of(needed.Value)}, because the loss " +
              $"{KerasNames.Of(network.Loss)} is computed together with it, but is {KerasNames.Of(found)}.";
    }

    private static string? SizeProblem(NetworkSpec network)
    {
        var inputs = (long)network.InputSize;
        var count = 0L;
        foreach (var layer in network.Layers)
        {
            // Checked after each layer, so that the sum cannot overflow: a layer adds less than 2^62 + 2^31.
            count += (inputs * layer.Units) + layer.Units;
            if (count > Array.MaxLength)
                return $"network.layers make more than {Array.MaxLength} parameters, the most that one vector holds: use fewer " +
                    "inputs or units.";
            inputs = layer.Units;
        }

        return null;
    }
}
