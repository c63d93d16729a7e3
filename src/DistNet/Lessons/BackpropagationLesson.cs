using System.CommandLine;
using System.Globalization;

namespace DistNet;

/// <summary>`distnet lesson backpropagation`: every derivative of a small network by hand, the lecture's part F.</summary>
internal sealed class BackpropagationLesson
{
    private const int MostParameters = 200; // five lines each

    private readonly Option<double[]?> _input = Numbers("--input", "The example's inputs [default: 0.05, 0.10, 0.15, ...]");
    private readonly Option<double[]?> _target = Numbers("--target", "What the outputs should be [default: 0.01, 0.99, 0.01, ...]");
    private readonly Option<double[]?> _weights = Numbers(
        "--weights", "Layer by layer, unit by unit: a unit's weights, then its bias [default: 0.15, 0.20, ..., each unit's bias 0.35, in the next layer 0.60]");
    private readonly Option<double?> _rate = CommandOptions.Number("--learning-rate", "RATE", 0, double.PositiveInfinity, "Step size [default: 0.5]");
    private readonly Option<int> _steps = CommandOptions.Count("--steps", "N", 1, 1, "Updates to make; only the first is written out");
    private readonly LessonPictures _pictures = new();
    private readonly Option<int[]> _layers = new("--layers")
    {
        HelpName = "UNITS",
        Description = "Units of each layer, the input layer first",
        DefaultValueFactory = _ => [2, 2, 2],
        CustomParser = result => CommaSeparated.ParseCounts(result, "--layers", largest: 50) ?? [],
    };

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var lesson = new BackpropagationLesson();
        var command = new ProgramCommand(
            "backpropagation",
            "Each derivative of a small sigmoid network by the chain rule, factor by factor, and numerically",
            "distnet lesson backpropagation",
            "distnet lesson backpropagation --layers 3,4,2 --learning-rate 1 --steps 100",
            "distnet lesson backpropagation --input 0.05,0.10 --target 0.01,0.99 --weights 0.15,0.20,0.35,0.25,0.30,0.35,0.40,0.45,0.60,0.50,0.55,0.60");
        command.Add([lesson._input, lesson._target, lesson._weights, lesson._layers, lesson._rate, lesson._steps, lesson._pictures.Option]);
        command.SetAction(parsed => lesson.Run(parsed, terminal.Output));
        return command;
    }

    private void Run(ParseResult parsed, TextWriter output)
    {
        var layers = parsed.GetRequiredValue(_layers);
        if (layers.Length < 2) throw new UsageException("--layers needs at least an input and an output layer, as in 2,2,2");
        var count = new HandNetwork(layers).Parameters().Count();
        if (count > MostParameters)
            throw new UsageException($"--layers makes {count} weights and biases, more than the {MostParameters} that anybody would read; use smaller layers");
        var input = Given(parsed.GetValue(_input), "--input", layers[0]) ?? [.. Enumerable.Range(1, layers[0]).Select(unit => 0.05 * unit)];
        var target = Given(parsed.GetValue(_target), "--target", layers[^1])
            ?? [.. Enumerable.Range(1, layers[^1]).Select(unit => unit % 2 == 1 ? 0.01 : 0.99)];
        var weights = Given(parsed.GetValue(_weights), "--weights", count);
        new BackpropagationText(Network(layers, weights), input, target, parsed.GetValue(_rate) ?? 0.5, output).Write(parsed.GetValue(_steps));
        _pictures.Write(parsed, output, ("backpropagation", Draw));

        Picture Draw()
        {
            var network = Network(layers, weights);
            return HandNetworkPicture.Of(network, target, network.Loss(input, target));
        }
    }

    private static HandNetwork Network(int[] layers, double[]? given)
    {
        var network = new HandNetwork(layers);
        var (place, usual) = (0, 0.15);
        foreach (var parameter in network.Parameters())
        {
            network[parameter] = given?[place] ?? (parameter.IsBias ? 0.35 + (0.25 * (parameter.Layer - 2)) : usual);
            if (!parameter.IsBias) usual += 0.05;
            place++;
        }

        return network;
    }

    private static double[]? Given(double[]? numbers, string option, int count)
    {
        if (numbers is null or []) return null;
        return numbers.Length == count ? numbers : throw new UsageException(
            $"{option} must be {count} numbers for these layers, but has {numbers.Length}");
    }

    private static Option<double[]?> Numbers(string name, string description) => new(name)
    {
        HelpName = "NUMBERS",
        Description = description,
        CustomParser = result => CommaSeparated.Parse(result, name, "numbers", Number),
    };

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) ? number : null;
}
