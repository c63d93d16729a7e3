using System.Globalization;
using System.Text.RegularExpressions;
using DistNet.Neural;

namespace DistNet;

/// <summary>One weight or bias of a network, as a user names it: dense_0/kernel[300,40] or dense_1/bias[3].</summary>
/// <param name="Tensor">Its tensor.</param>
/// <param name="From">Index of the input it comes from; 0 for a bias.</param>
/// <param name="Unit">Index of the unit it goes to.</param>
internal sealed partial record TracedUnit(ParameterTensor Tensor, int From, int Unit)
{
    /// <summary>Its place in the parameter vector.</summary>
    public int Index => Tensor.Offset + (From * Tensor.Columns) + Unit;

    /// <summary>Finds it in a network.</summary>
    /// <exception cref="UsageException">There is none of that name.</exception>
    public static TracedUnit Parse(string text, NetworkSpec network)
    {
        var layout = ParameterLayout.For(network);
        var match = Form().Match(text);
        var tensor = layout.Tensors.FirstOrDefault(tensor => tensor.Name == match.Groups[1].Value);
        if (!match.Success || tensor is null)
        {
            throw new UsageException(
                "--unit must name a weight or bias as in dense_0/kernel[300,40] or dense_1/bias[3], "
                + $"of {string.Join(", ", layout.Tensors.Select(tensor => tensor.Name))}, but '{text}' was given");
        }

        int[] places = [.. match.Groups[2].Value.Split(',').Select(place => int.Parse(place, CultureInfo.InvariantCulture))];
        var unit = (tensor.IsKernel, places) switch
        {
            (true, [var from, var to]) => new TracedUnit(tensor, from, to),
            (false, [var of]) => new TracedUnit(tensor, 0, of),
            _ => null,
        };
        return unit is not null && unit.From < tensor.Rows && unit.Unit < tensor.Columns ? unit : throw new UsageException(
            $"{tensor.Name} is {(tensor.IsKernel ? $"{tensor.Rows} x {tensor.Columns}" : $"{tensor.Columns} numbers")}, counted from 0, so it has no '{text}'");
    }

    /// <inheritdoc/>
    public override string ToString() => Tensor.IsKernel ? $"{Tensor.Name}[{From},{Unit}]" : $"{Tensor.Name}[{Unit}]";

    [GeneratedRegex(@"^(dense_\d+/(?:kernel|bias))\[(\d{1,9}(?:,\d{1,9})?)\]$")]
    private static partial Regex Form();
}
