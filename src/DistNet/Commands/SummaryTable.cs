using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>A network as Keras's summary shows it: layers, output shapes, parameters.</summary>
internal static class SummaryTable
{
    /// <summary>The table of a network.</summary>
    public static Table Of(NetworkSpec network)
    {
        var layout = ParameterLayout.For(network);
        var table = new Table().Border(TableBorder.Simple).AddColumns("layer", "activation", "output shape");
        table.AddColumn("parameters", column => column.RightAligned());
        table.AddRow("input", "", $"(batch, {network.InputSize})", "0");
        for (var layer = 0; layer < network.Layers.Length; layer++)
        {
            var (units, activation) = (network.Layers[layer].Units, KerasNames.Of(network.Layers[layer].Activation));
            table.AddRow(
                $"dense_{layer}",
                activation,
                $"(batch, {units})",
                Figures.Whole(layout.Kernel(layer).Length + layout.Bias(layer).Length));
        }

        return table;
    }

    /// <summary>Totals and the loss, under the table.</summary>
    public static string Totals(NetworkSpec network)
    {
        var count = ParameterLayout.For(network).Count;
        return $"{Figures.Whole(count)} parameters, {Figures.Bytes(sizeof(float) * (double)count)}; minimizes {KerasNames.Of(network.Loss)}";
    }
}
