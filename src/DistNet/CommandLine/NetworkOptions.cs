using System.Collections.Immutable;
using System.CommandLine;
using System.CommandLine.Parsing;
using DistNet.Neural;

namespace DistNet;

/// <summary>The options that describe a network; without any, the lecture's: 784 -> dense 512 relu -> dense 10 softmax.</summary>
internal sealed class NetworkOptions
{
    private const int WidestLayer = 1 << 20; // a guard against typing errors: one such layer on 784 inputs takes 3 GB

    private readonly Option<int[]> _hidden = new("--hidden")
    {
        Description = "Units of the hidden layers, as in 512,256, or none; may be repeated; without it 64 for a table",
        HelpName = "UNITS",
        DefaultValueFactory = _ => [UsualSpec.ImageUnits],
        CustomParser = ParseHidden,
    };

    private readonly Option<string> _activation =
        CommandOptions.Choice("--activation", "NAME", [.. KerasNames.All<Activation>()], "relu", "Activation of the hidden layers");
    private readonly Option<double?> _dropout = CommandOptions.Number(
        "--dropout", "RATE", 0, 1, "Share of each hidden layer's units that an example goes without in training [default: 0]");
    private readonly Option<string> _output =
        CommandOptions.Choice(
            "--output", "NAME", [.. KerasNames.All<Activation>()], "softmax",
            "Activation of the output layer; without it, for a table, that which fits the target");
    private readonly Option<string> _loss =
        CommandOptions.Choice(
            "--loss", "NAME", [.. KerasNames.All<Loss>()], "categorical_crossentropy",
            "What training minimizes; without it, that which fits --output");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_hidden, _activation, _dropout, _output, _loss];

    /// <summary>The specification with the network asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="start">What holds for options that are not given.</param>
    public TrainingSpec Build(ParseResult parsed, TrainingSpec start) => start with { Network = Build(parsed, start.Network) };

    private NetworkSpec Build(ParseResult parsed, NetworkSpec start)
    {
        var hidden = start.Layers.RemoveAt(start.Layers.Length - 1);
        if (parsed.IsGiven(_hidden)) hidden = Resize(hidden, parsed.GetRequiredValue(_hidden));
        if (parsed.IsGiven(_activation))
            hidden = [.. hidden.Select(layer => layer with { Activation = Value<Activation>(parsed, _activation) })];
        if (parsed.GetValue(_dropout) is { } rate) hidden = [.. hidden.Select(layer => layer with { Dropout = (float)rate })];
        var output = start.Layers[^1];
        if (parsed.IsGiven(_output)) output = output with { Activation = Value<Activation>(parsed, _output) };
        var loss = parsed.IsGiven(_loss) ? Value<Loss>(parsed, _loss) : parsed.IsGiven(_output) ? Fitting(output.Activation) : start.Loss;
        return start with { Layers = hidden.Add(output), Loss = loss };
    }

    /// <summary>The loss that fits an output activation.</summary>
    public static Loss Fitting(Activation output) => output switch
    {
        Activation.Softmax => Loss.CategoricalCrossentropy,
        Activation.Sigmoid => Loss.BinaryCrossentropy,
        _ => Loss.MeanSquaredError,
    };

    private static ImmutableArray<DenseSpec> Resize(ImmutableArray<DenseSpec> layers, int[] widths)
    {
        var pattern = layers.IsEmpty ? new DenseSpec(1, Activation.Relu) : layers[0];
        return [.. widths.Select(units => pattern with { Units = units })];
    }

    private static int[]? ParseHidden(ArgumentResult result) =>
        CommaSeparated.Words(result) is ["none"] ? [] : CommaSeparated.ParseCounts(result, "--hidden", WidestLayer, otherwise: ", or none");

    private static T Value<T>(ParseResult parsed, Option<string> option)
        where T : struct, Enum =>
        KerasNames.Parse<T>(parsed.GetRequiredValue(option));
}
