using System.Globalization;
using System.Text.RegularExpressions;

namespace DistNet.Neural;

/// <summary>Reads the weights of dense layers from safetensors files that other programs wrote.</summary>
/// <remarks>
/// Understands PyTorch's names (<c>0.weight</c> as units x inputs, <c>0.bias</c>) and Keras's (<c>dense_1/kernel</c> as inputs x units,
/// <c>dense_1/bias</c>). Layers come in the order of the numbers in their names. A layer without bias gets zeros.
/// </remarks>
public static partial class ForeignWeights
{
    private const string Names = "tensors NAME.weight and NAME.bias, or NAME/kernel and NAME/bias";
    private const string Advice = "name the layers as they are in the file, inputs first";

    /// <summary>Reads the parameter vector of a network.</summary>
    /// <param name="path">The file; its tensors are F32.</param>
    /// <param name="network">Says which shapes are expected.</param>
    /// <returns>In <see cref="ParameterLayout"/> order.</returns>
    /// <exception cref="InvalidDataException">The file is damaged, or holds other layers.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static float[] Read(string path, NetworkSpec network)
    {
        var layout = ParameterLayout.For(network);
        using var file = SafetensorsReader.Open(path);
        ForeignLayer[] layers = [.. Layers(path, file)];
        if (layers.Length != network.Layers.Length)
            throw FileDamage.Whole(path, $"{network.Layers.Length} layers", $"{layers.Length} ({Describe(layers)})", Advice);
        var parameters = new float[layout.Count];
        for (var layer = 0; layer < layers.Length; layer++)
        {
            ReadKernel(path, file, layers[layer], layout.Kernel(layer), parameters);
            if (layers[layer].Bias is { } bias)
                ReadBias(path, file, bias, layout.Bias(layer), parameters);
        }

        return parameters;
    }

    private static IEnumerable<ForeignLayer> Layers(string path, SafetensorsReader file)
    {
        var layers = new Dictionary<string, ForeignLayer>();
        foreach (var entry in file.Entries)
        {
            var name = TensorName().Match(entry.Name) is { Success: true } match
                ? match
                : throw FileDamage.Whole(path, Names, $"'{entry.Name}'", "leave other tensors out of the file");
            var layer = layers.GetValueOrDefault(name.Groups[1].Value) ?? new ForeignLayer(name.Groups[1].Value, null, null, false);
            layers[layer.Name] = name.Groups[2].Value == "bias"
                ? layer with { Bias = entry }
                : layer with { Kernel = entry, IsUnitsFirst = name.Groups[2].Value == "weight" };
        }

        return layers.Values.OrderBy(layer => Number(layer.Name)).ThenBy(layer => layer.Name, StringComparer.Ordinal);
    }

    // Keras calls the first layer dense, the second dense_1.
    private static long Number(string name) =>
        long.TryParse(LastNumber().Match(name).Value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;

    private static void ReadKernel(string path, SafetensorsReader file, ForeignLayer layer, ParameterTensor kernel, float[] parameters)
    {
        var (first, second) = layer.IsUnitsFirst ? (kernel.Columns, kernel.Rows) : (kernel.Rows, kernel.Columns);
        if (layer.Kernel is not { } entry || entry.Shape is not [var rows, var columns] || (rows, columns) != (first, second))
        {
            throw FileDamage.Whole(
                path, $"the weights of layer {layer.Name} with shape [{first}, {second}]", layer.Kernel?.ShapeText ?? "none", Advice);
        }

        var target = parameters.AsSpan(kernel.Offset, kernel.Length);
        if (!layer.IsUnitsFirst)
        {
            file.Read(entry, target);
            return;
        }

        var values = new float[entry.Length];
        file.Read(entry, values);
        for (var unit = 0; unit < kernel.Columns; unit++)
        {
            for (var input = 0; input < kernel.Rows; input++)
                target[(input * kernel.Columns) + unit] = values[(unit * kernel.Rows) + input];
        }
    }

    private static void ReadBias(string path, SafetensorsReader file, SafetensorsEntry entry, ParameterTensor bias, float[] parameters)
    {
        if (entry.Length != bias.Length)
            throw FileDamage.Whole(path, $"{bias.Length} numbers in tensor {entry.Name}", $"{entry.Length}", Advice);
        file.Read(entry, parameters.AsSpan(bias.Offset, bias.Length));
    }

    private static string Describe(ForeignLayer[] layers) =>
        string.Join(", ", layers.Select(layer => $"{layer.Name} {layer.Kernel?.ShapeText ?? "without weights"}"));

    [GeneratedRegex(@"^(.+)[./](weight|kernel|bias)(?::0)?$")]
    private static partial Regex TensorName();

    [GeneratedRegex(@"\d+(?!.*\d)")]
    private static partial Regex LastNumber();

    private sealed record ForeignLayer(string Name, SafetensorsEntry? Kernel, SafetensorsEntry? Bias, bool IsUnitsFirst);
}
