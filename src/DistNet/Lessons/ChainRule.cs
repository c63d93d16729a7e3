using System.Globalization;

namespace DistNet;

/// <summary>One derivative, written out: the chain rule in symbols, each factor's formula, each factor's number, and their product.</summary>
internal sealed class ChainRule(HandNetwork network, IReadOnlyList<double> target)
{
    /// <summary>The lines of a parameter's derivative.</summary>
    public IEnumerable<string> Lines(Parameter parameter)
    {
        var (layer, unit) = (parameter.Layer, parameter.Unit);
        var (isLast, input) = (layer == network.Layers, parameter.IsBias ? "1" : Output(layer - 1, parameter.From));
        yield return $"dE/d{parameter} = {(isLast ? $"dE{unit}" : "dE")}/d{Output(layer, unit)}"
            + $" * d{Output(layer, unit)}/d{Sum(layer, unit)} * d{Sum(layer, unit)}/d{parameter}";
        var error = isLast ? $"({Output(layer, unit)} - t{unit}({layer}))" : Sums(layer, unit);
        yield return $"  = {error} * {Output(layer, unit)} (1 - {Output(layer, unit)}) * {input}";
        if (!isLast) yield return $"  = {SumNumbers(layer, unit)} * {Number(network.Slope(layer, unit))} * {Input(parameter)}";
        yield return $"  = {Number(network.OutputDerivative(layer, unit, target))} * {Number(network.Slope(layer, unit))} * {Input(parameter)}";
        yield return $"  = {Number(network.Derivative(parameter, target))}";
    }

    /// <summary>dE/dz of each unit of a layer behind the first hidden one, which the layers before it use.</summary>
    public IEnumerable<string> Deltas(int layer) => Enumerable.Range(1, network.Units(layer)).Select(unit =>
        $"{Delta(layer, unit)} = dE/d{Sum(layer, unit)} = {Number(network.OutputDerivative(layer, unit, target))} * {Number(network.Slope(layer, unit))}"
        + $" = {Number(network.Delta(layer, unit, target))}");

    /// <summary>A number as these texts show it: eight decimals.</summary>
    public static string Number(double value) => value.ToString("0.00000000", CultureInfo.InvariantCulture);

    /// <summary>a1(2).</summary>
    public static string Output(int layer, int unit) => $"a{unit}({layer})";

    /// <summary>z1(2).</summary>
    public static string Sum(int layer, int unit) => $"z{unit}({layer})";

    private static string Delta(int layer, int unit) => $"d{unit}({layer})";

    private string Input(Parameter parameter) => parameter.IsBias ? "1" : Number(network.Output(parameter.Layer - 1, parameter.From));

    // [d1(3) w11(3) + d2(3) w21(3)]: every unit behind takes part in the loss.
    private string Sums(int layer, int unit) =>
        $"[{string.Join(" + ", Next(layer).Select(next => $"{Delta(layer + 1, next)} {new Parameter(layer + 1, next, unit)}"))}]";

    private string SumNumbers(int layer, int unit) => $"[{string.Join(" + ", Next(layer).Select(next => SumNumber(layer + 1, next, unit)))}]";

    private string SumNumber(int layer, int unit, int from) => $"{Number(network.Delta(layer, unit, target))} * {Number(network.Weight(layer, unit, from))}";

    private IEnumerable<int> Next(int layer) => Enumerable.Range(1, network.Units(layer + 1));
}
