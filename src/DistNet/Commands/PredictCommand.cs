using System.CommandLine;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet predict`: what a model makes of one image.</summary>
internal static class PredictCommand
{
    private const int BarWidth = 40; // characters of a bar for a probability of 1

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var (model, data) = (new ModelOptions(), new DataOptions());
        var index = CommandArguments.Index("INDEX", "Which image, counted from 0");
        var command = new ProgramCommand(
            "predict",
            "Draw an image and show what a model makes of it",
            "distnet predict 7",
            "distnet predict 7 --split train --model latest") { index };
        command.Add([.. model.All, .. data.All]);
        command.SetAction(parsed =>
        {
            var loading = Task.Run(() => data.Load(parsed));
            var trained = model.Read(parsed);
            var images = loading.GetAwaiter().GetResult();
            DataShowCommand.RequireIndex(parsed.GetValue(index), images, data.SplitOf(parsed));
            Write(images, parsed.GetValue(index), trained, terminal.Rich);
        });
        return command;
    }

    private static void Write(ImageSet images, int index, Model model, IAnsiConsole console)
    {
        var outputs = Outputs(images, index, model);
        var answer = outputs.AsSpan().IndexOf(outputs.Max());
        var truth = images.Labels[index];
        console.Write(new DigitDrawing(images.Image(index).ToArray(), images.Rows, images.Columns));
        for (var label = 0; label < outputs.Length; label++) console.MarkupLine(Bar(label, outputs[label], label == answer));
        var verdict = answer == truth ? "[green]right[/]" : $"[red]wrong[/], it is labelled {truth}";
        console.MarkupLine($"image {index} is a {answer}: {verdict}");
    }

    private static float[] Outputs(ImageSet images, int index, Model model)
    {
        var network = model.Spec.Network;
        if (network.InputSize != images.InputSize)
            throw new InvalidDataException(
                $"the model takes {network.InputSize} inputs, but each image has {images.InputSize} pixels; name the images it was made for with --data, or another model with --model");
        var pass = new Backpropagation<float>(network, 1, 1);
        images.Gather([index], pass.Inputs(1), pass.Targets(1));
        pass.Forward(model.Parameters, 1);
        return pass.Outputs(1).ToArray();
    }

    private static string Bar(int label, float output, bool isAnswer)
    {
        var bar = new string('█', (int)Math.Round(BarWidth * Math.Clamp(output, 0, 1)));
        return $"{label} {Figures.Percent(output),9} {(isAnswer ? $"[green]{bar}[/]" : bar)}";
    }
}
