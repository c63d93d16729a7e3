using System.Globalization;
using DistNet.Neural;

namespace DistNet;

/// <summary>A network in one line.</summary>
internal static class NetworkText
{
    /// <summary>784 -> 512 relu dropout 0.2 -> 10 softmax.</summary>
    public static string Of(NetworkSpec network) => string.Join(" -> ", network.Layers.Select(Of).Prepend($"{network.InputSize}"));

    private static string Of(DenseSpec layer) => string.Create(
        CultureInfo.InvariantCulture, $"{layer.Units} {KerasNames.Of(layer.Activation)}{(layer.Dropout > 0 ? $" dropout {layer.Dropout}" : "")}");
}
