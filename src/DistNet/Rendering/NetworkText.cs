using DistNet.Neural;

namespace DistNet;

/// <summary>A network in one line.</summary>
internal static class NetworkText
{
    /// <summary>784 -> 512 relu -> 10 softmax.</summary>
    public static string Of(NetworkSpec network) =>
        string.Join(" -> ", network.Layers.Select(layer => $"{layer.Units} {KerasNames.Of(layer.Activation)}").Prepend($"{network.InputSize}"));
}
