using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>`distnet export`: a model as a file for other programs.</summary>
internal static class ExportCommand
{
    private const string Onnx = "onnx";

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var model = new ModelArgument();
        var format = CommandOptions.Choice("--format", "FORMAT", [Onnx], Onnx, "What to write: onnx, for ONNX Runtime and others");
        var output = CommandOptions.OptionalText("--output", "FILE", "The file [default: the model's name with the format's ending, in this folder]");
        var command = new ProgramCommand(
            "export",
            "Write a model for other programs, with input scaling and last activation",
            "distnet export latest --format onnx",
            "distnet export 20261124-131057 --output digits.onnx") { format, output };
        model.AddTo(command);
        command.SetAction(parsed =>
        {
            var source = model.PathOf(parsed);
            var target = parsed.GetValue(output) ?? Usual(source);
            var trained = ModelFile.Read(source);
            if (trained.Data.Table is not null)
            {
                throw new UsageException(
                    "a model of a table takes columns as 'distnet predict' encodes them, which an ONNX file does not hold; only models of images can be exported");
            }

            Write(target, trained, terminal);
        });
        return command;
    }

    // A run's model is always called the same; its run's name says which it is.
    private static string Usual(string source)
    {
        var name = Path.GetFileNameWithoutExtension(source);
        var folder = Path.GetFileName(Path.GetDirectoryName(Path.GetFullPath(source)));
        return $"{(name == "model" && folder is { Length: > 0 } ? folder : name)}.{Onnx}";
    }

    private static void Write(string target, Model model, Terminal terminal)
    {
        OnnxFile.Write(target, model);
        var network = model.Spec.Network;
        terminal.Output.WriteLine($"model   {target}: {NetworkText.Of(network)}, {Figures.Bytes(new FileInfo(target).Length)}");
        terminal.Output.WriteLine($"input   {OnnxFile.Input}: float32, examples x {network.InputSize}, pixels from 0 to 255");
        terminal.Output.WriteLine($"outputs {OnnxFile.Output}: float32, examples x {network.OutputSize}; {OnnxFile.Label}: int64, examples");
    }
}
