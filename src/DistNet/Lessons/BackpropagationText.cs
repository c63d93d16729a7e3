using System.Globalization;
using static DistNet.ChainRule;

namespace DistNet;

/// <summary>What the lesson on back-propagation says about one network and one example.</summary>
internal sealed class BackpropagationText(HandNetwork network, double[] input, double[] target, double learningRate, TextWriter output)
{
    /// <summary>Forward, each derivative, one update; then the losses of further steps.</summary>
    public void Write(int steps)
    {
        var loss = network.Loss(input, target);
        WriteForward(loss);
        WriteDerivatives();
        Update();
        WriteUpdate(loss, network.Loss(input, target));
        WriteFurther(steps);
        WriteLibrary();
    }

    private void WriteForward(double loss)
    {
        output.WriteLine($"Forward ({string.Join("-", Enumerable.Range(1, network.Layers).Select(network.Units))} sigmoid units; layer 1 is the input)");
        for (var unit = 1; unit <= network.Units(1); unit++)
            output.WriteLine($"  {Output(1, unit)} = {Number(network.Output(1, unit))}");
        for (var layer = 2; layer <= network.Layers; layer++)
        {
            for (var unit = 1; unit <= network.Units(layer); unit++)
            {
                output.WriteLine($"  {Sum(layer, unit)} = {Terms(layer, unit)}");
                output.Write($"        = {Number(network.Sum(layer, unit))}    ");
                output.WriteLine($"{Output(layer, unit)} = sigmoid({Sum(layer, unit)}) = {Number(network.Output(layer, unit))}");
            }
        }

        output.WriteLine($"  E = {string.Join(" + ", Outputs.Select(unit => $"1/2 (t{unit}({network.Layers}) - {Output(network.Layers, unit)})^2"))}");
        output.WriteLine($"    = {string.Join(" + ", Outputs.Select(SquareOf))}");
        output.WriteLine($"    = {Number(loss)}");
    }

    private string SquareOf(int output) => $"1/2 ({Short(target[output - 1])} - {Number(network.Output(network.Layers, output))})^2";

    private IEnumerable<int> Outputs => Enumerable.Range(1, network.Units(network.Layers));

    private string Terms(int layer, int unit) => string.Join(" + ", Enumerable.Range(1, network.Units(layer - 1))
        .Select(from => $"{Output(layer - 1, from)} {new Parameter(layer, unit, from)}").Append($"{new Parameter(layer, unit, 0)}"));

    private void WriteDerivatives()
    {
        var rule = new ChainRule(network, target);
        var worst = 0.0;
        for (var layer = network.Layers; layer >= 2; layer--)
        {
            output.WriteLine();
            WriteHeading(rule, layer);
            foreach (var parameter in network.Parameters().Where(parameter => parameter.Layer == layer))
                worst = Math.Max(worst, WriteDerivative(rule, parameter));
        }

        output.WriteLine();
        output.WriteLine($"Largest difference between the chain rule and the numerical derivative: {Tiny(worst)}");
    }

    private void WriteHeading(ChainRule rule, int layer)
    {
        if (layer == network.Layers)
        {
            output.WriteLine($"Backward, layer {layer}: an output's error reaches the weights of that output");
            return;
        }

        output.WriteLine($"Backward, layer {layer}: every output's error counts, through the weights behind");
        foreach (var line in rule.Deltas(layer + 1)) output.WriteLine($"  {line}");
    }

    private double WriteDerivative(ChainRule rule, Parameter parameter)
    {
        output.WriteLine();
        foreach (var line in rule.Lines(parameter)) output.WriteLine($"  {line}");
        var (analytic, numerical) = (network.Derivative(parameter, target), network.NumericalDerivative(parameter, input, target));
        var difference = Math.Abs(analytic - numerical);
        output.WriteLine($"  numerically {Number(numerical)}, difference {Tiny(difference)}");
        return difference;
    }

    /// <summary>w := w - a dE/dw, all at once: every derivative is of the network as it was.</summary>
    private void Update()
    {
        var derivatives = network.Parameters().Select(parameter => (Parameter: parameter, Value: network.Derivative(parameter, target))).ToArray();
        foreach (var (parameter, derivative) in derivatives)
            network[parameter] -= learningRate * derivative;
    }

    private void WriteUpdate(double before, double after)
    {
        output.WriteLine();
        output.WriteLine($"Update: w := w - {Short(learningRate)} dE/dw");
        foreach (var parameter in network.Parameters())
            output.WriteLine($"  {parameter,-8} {Number(network[parameter])}");
        output.WriteLine($"  E was {Number(before)}, is {Number(after)}");
    }

    private void WriteFurther(int steps)
    {
        for (var step = 2; step <= steps; step++)
        {
            Update();
            var loss = network.Loss(input, target);
            if (step == steps || IsRound(step)) output.WriteLine($"  after {step} steps E = {Number(loss)}");
        }
    }

    // 2, 5, 10, 20, 50, 100, ...
    private static bool IsRound(int step)
    {
        while (step % 10 == 0) step /= 10;
        return step is 1 or 2 or 5;
    }

    private void WriteLibrary()
    {
        network.Loss(input, target);
        var differences = network.Parameters().Zip(
            LibraryGradient.Of(network, input, target), (parameter, derivative) => Math.Abs(network.Derivative(parameter, target) - derivative));
        output.WriteLine();
        output.WriteLine($"DistNet.Neural gives the same derivatives{(differences.Max() is > 0 and var most ? $", here to {Tiny(most)}" : "")}:");
        var layers = Enumerable.Range(2, network.Layers - 1).Select(layer => $".Dense({network.Units(layer)}, Activation.Sigmoid)");
        output.WriteLine($"  var network = NetworkSpec.WithInputs({network.Units(1)}){string.Concat(layers)}.Minimize(Loss.HalfSquaredError);");
        output.WriteLine("  var pass = new Backpropagation<double>(network, microBatchSize: 1, maxExamples: 1);");
        output.WriteLine("  input.CopyTo(pass.Inputs(1)); target.CopyTo(pass.Targets(1));");
        output.WriteLine("  pass.Forward(parameters, 1); pass.GradientSum(parameters, 0, 1, gradient);");
    }

    private static string Short(double value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Tiny(double value) => value.ToString("0.0e-0", CultureInfo.InvariantCulture);
}
