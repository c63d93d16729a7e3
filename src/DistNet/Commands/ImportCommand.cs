using System.CommandLine;
using System.CommandLine.Parsing;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet import`: weights that another program trained, as a model.</summary>
internal sealed class ImportCommand
{
    private readonly Argument<string> _file = new("FILE")
    {
        Description = "A safetensors file with PyTorch's names (0.weight, 0.bias) or Keras's (dense/kernel, dense/bias)",
    };

    private readonly Option<int[]> _layers = new("--layers")
    {
        HelpName = "UNITS",
        Description = "Inputs, then units of each layer, as in 784,512,10",
        Required = true,
        CustomParser = ParseLayers,
    };
    private readonly Option<string> _activation =
        CommandOptions.Choice("--activation", "NAME", [.. KerasNames.All<Activation>()], "relu", "Activation of the hidden layers");
    private readonly Option<string> _output =
        CommandOptions.Choice("--output", "NAME", [.. KerasNames.All<Activation>()], "softmax", "Activation of the output layer");
    private readonly Option<string?> _model =
        CommandOptions.OptionalText("--model", "FILE", "The model to write [default: the file's name, ending in .model.safetensors, in this folder]");

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var import = new ImportCommand();
        var command = new ProgramCommand(
            "import",
            "Make a model of weights from PyTorch or Keras, which evaluate, predict and others then take",
            "distnet import torch.safetensors --layers 784,512,10",
            "distnet import keras.safetensors --layers 784,300,100,10 --activation tanh --model mine.safetensors") { import._file };
        command.Add([import._layers, import._activation, import._output, import._model]);
        command.SetAction(parsed => import.Run(parsed, terminal.Output));
        return command;
    }

    private void Run(ParseResult parsed, TextWriter output)
    {
        var source = parsed.GetRequiredValue(_file);
        var target = parsed.GetValue(_model) ?? $"{Path.GetFileNameWithoutExtension(source)}.model.safetensors";
        if (File.Exists(target)) throw new UsageException($"{target} exists already; name another file with --model");
        var network = Specs.Valid(Network(parsed));
        var parameters = ForeignWeights.Read(source, network);
        if (parameters.Any(value => !float.IsFinite(value))) throw new InvalidDataException($"{source} holds weights that are no finite numbers");
        ModelFile.Write(target, new Model
        {
            Spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("rmsprop") },
            Data = new DataDescription("", 0, network.InputSize, network.OutputSize, null),
            Version = 0,
            Parameters = parameters,
        });
        output.WriteLine($"model   {target}: {NetworkText.Of(network)}, {Figures.Whole(parameters.Length)} parameters");
        output.WriteLine("It is taken to be trained on inputs from 0 to 1, as pixels divided by 255.");
        output.WriteLine($"weights SHA-256 {WeightsHash.Of(parameters)}");
        output.WriteLine($"Next:   distnet evaluate --model {target}");
    }

    private NetworkSpec Network(ParseResult parsed)
    {
        var sizes = parsed.GetRequiredValue(_layers);
        var hidden = KerasNames.Parse<Activation>(parsed.GetRequiredValue(_activation));
        var output = KerasNames.Parse<Activation>(parsed.GetRequiredValue(_output));
        return new NetworkSpec
        {
            InputSize = sizes[0],
            Layers = [.. sizes[1..^1].Select(units => new DenseSpec(units, hidden)), new DenseSpec(sizes[^1], output)],
            Loss = NetworkOptions.Fitting(output),
        };
    }

    private static int[]? ParseLayers(ArgumentResult result)
    {
        var sizes = CommaSeparated.ParseCounts(result, "--layers", largest: 1 << 20);
        if (sizes is [_]) result.AddError($"--layers must be two or more whole numbers, inputs and then units of each layer, but '{sizes[0]}' was given");
        return sizes;
    }
}
