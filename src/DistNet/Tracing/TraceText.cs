using System.Globalization;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>What a trace says of one example: each factor with its number.</summary>
internal sealed class TraceText(NetworkSpec network, TracedUnit traced, Terminal terminal)
{
    private const int TermsShown = 16;

    /// <summary>Writes dE/dw in symbols and numbers, and beside it the numerical derivative.</summary>
    public void WriteFactors(TraceFactors factors, double numerical)
    {
        var isOutput = factors.Terms.Count == 0;
        Line(isOutput ? "dE/dw = dE/dz * dz/dw" : "dE/dw = dE/da * da/dz * dz/dw");
        Line($"  dz/dw = {InputName(),-44} = {Number(factors.Input)}");
        if (isOutput) WriteOutput(factors);
        else WriteHidden(factors);
        Line($"  by back-propagation {Number(factors.Whole)}");
        Line($"  numerically         {Number(numerical)}, difference {Math.Abs(factors.Whole - numerical).ToString("0.0e-0", CultureInfo.InvariantCulture)}");
    }

    private void WriteOutput(TraceFactors factors)
    {
        Line($"  a     = {$"{KerasNames.Of(Activation)} of unit {traced.Unit}",-44} = {Number(factors.Output)}, where {Number(factors.Target)} is wanted");
        Line($"  dE/dz = {OutputRule(),-44} = {Number(factors.Delta)}");
        Line($"  dE/dw = {Number(factors.Delta)} * {Number(factors.Input)} = {Number(factors.Delta * factors.Input)}");
    }

    private void WriteHidden(TraceFactors factors)
    {
        var (slope, sum) = (Slope(factors.Output), factors.Terms.Sum(term => term.Product));
        Line($"  da/dz = {$"{SlopeName()} where a = {Number(factors.Output)}",-44} = {Number(slope)}");
        Line($"  dE/da = sum over the units k of dense_{traced.Tensor.Layer + 1} of dE/dz_k * w_k");
        var table = new Table().Border(TableBorder.Simple);
        foreach (var name in (string[])["k", "dE/dz_k", "w_k", "product"]) table.AddColumn(name, column => column.RightAligned());
        TraceTerm[] shown = [.. factors.Terms.OrderByDescending(term => Math.Abs(term.Product)).Take(TermsShown).OrderBy(term => term.Unit)];
        foreach (var term in shown) table.AddRow($"{term.Unit}", Number(term.Delta), Number(term.Weight), Number(term.Product));
        if (shown.Length < factors.Terms.Count)
            table.AddRow($"{factors.Terms.Count - shown.Length} others", "", "", Number(sum - shown.Sum(term => term.Product)));
        terminal.Rich.Write(table);
        Line($"        = {Number(sum)}");
        Line($"  dE/dw = {Number(sum)} * {Number(slope)} * {Number(factors.Input)} = {Number(sum * slope * factors.Input)}");
    }

    private string OutputRule() => network.Loss switch
    {
        Loss.CategoricalCrossentropy => "a - t",
        Loss.BinaryCrossentropy => network.OutputSize == 1 ? "a - t" : $"(a - t) / {network.OutputSize}",
        _ => $"by the derivative of {KerasNames.Of(network.Loss)}",
    };

    private Activation Activation => network.Layers[traced.Tensor.Layer].Activation;

    private string InputName() => !traced.Tensor.IsKernel ? "1, for a bias"
        : traced.Tensor.Layer == 0 ? $"input {traced.From}" : $"output of unit {traced.From} of dense_{traced.Tensor.Layer - 1}";

    private string SlopeName() => Activation switch
    {
        Activation.Relu => "1 where a > 0, else 0,",
        Activation.Sigmoid => "a (1 - a)",
        Activation.Tanh => "1 - a^2",
        Activation.Linear => "1",
        _ => throw new UsageException("a hidden soft-max layer's units depend on each other, so one weight's factors cannot be told apart"),
    };

    private double Slope(double a) => Activation switch
    {
        Activation.Relu => a > 0 ? 1 : 0,
        Activation.Sigmoid => a * (1 - a),
        Activation.Tanh => 1 - (a * a),
        _ => 1,
    };

    private void Line(string text) => terminal.Output.WriteLine(text);

    /// <summary>Ten significant digits; no negative zero.</summary>
    public static string Number(double value) => (value + 0.0).ToString("G10", CultureInfo.InvariantCulture);
}
