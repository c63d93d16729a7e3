using System.CommandLine;
using System.Globalization;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet predict`: what a model makes of images of the data set, and of pictures in files.</summary>
internal sealed class PredictCommand
{
    private const int BarWidth = 40; // characters of a bar for a probability of 1

    private readonly ModelOptions _model = new();
    private readonly DataOptions _data = new();
    private readonly Argument<string[]> _items = new("IMAGE")
    {
        HelpName = "[MODEL] IMAGE",
        Description = "Images of the data set by their numbers, counted from 0, files (PNG, JPEG, ...) with one digit each, or CSV tables; "
            + "before them a run or a model file, if it is not the latest run",
        Arity = ArgumentArity.OneOrMore,
    };
    private readonly Terminal _terminal;

    private PredictCommand(Terminal terminal) => _terminal = terminal;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var predict = new PredictCommand(terminal);
        var command = new ProgramCommand(
            "predict",
            "Draw images and show what a model makes of them; of a table's rows, print them with its answers",
            "distnet predict 7",
            "distnet predict latest seven.png four.jpg",
            "distnet predict latest more-houses.csv",
            "distnet predict 7 8 9 --split train --model latest") { predict._items };
        command.Add([.. predict._model.All, .. predict._data.All]);
        command.SetAction(predict.Run);
        return command;
    }

    private void Run(ParseResult parsed)
    {
        string[] items = parsed.GetRequiredValue(_items);
        var namesModel = !IsIndex(items[0]) && !IsFileOfExamples(items[0]);
        if (namesModel && items.Length == 1)
            throw new UsageException($"IMAGE must be a whole number from 0, or the name of a picture's or a table's file, but '{items[0]}' was given");
        if (namesModel && _model.IsGiven(parsed)) throw new UsageException($"'{items[0]}' and --model both name a model");
        var model = namesModel ? _model.Read(parsed, items[0]) : _model.Read(parsed);
        var images = namesModel ? items[1..] : items;
        if (model.Data.Table is { } table)
        {
            foreach (var item in images) PredictTable(item, model, table);
            return;
        }

        var data = images.Any(IsIndex) ? _data.LoadFor(parsed, model) : null;
        foreach (var item in images)
        {
            if (data is not null && IsIndex(item)) ShowNumbered(data, item, model, parsed);
            else ShowFile(item, model);
        }
    }

    private void PredictTable(string path, Model model, TableSchema table)
    {
        if (!File.Exists(path)) throw new UsageException($"the model is of a table's rows: expected a CSV file, but '{path}' is none");
        TablePrediction.Write(path, model, table, _terminal.Output);
    }

    private void ShowNumbered(ImageSet images, string item, Model model, ParseResult parsed)
    {
        var index = int.TryParse(item, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw new UsageException($"IMAGE must be a whole number from 0 to {int.MaxValue}, but '{item}' was given");
        DataShowCommand.RequireIndex(index, images, _data.SplitOf(parsed));
        ModelFit.Require(model.Spec.Network, images.InputSize, ModelFit.OtherImages);
        var truth = images.Labels[index];
        var (answer, _) = Show(images.Image(index), images.Rows, images.Columns, model);
        var verdict = answer == truth ? "[green]right[/]" : $"[red]wrong[/], it is labelled {truth}";
        _terminal.Rich.MarkupLine($"image {index} is a {answer}: {verdict}");
    }

    private void ShowFile(string path, Model model)
    {
        if (!File.Exists(path)) throw new UsageException($"there is no picture {path}");
        ModelFit.Require(model.Spec.Network, DigitReduction.Side * DigitReduction.Side, "pictures are reduced to 28 x 28 pixels, as MNIST's");
        var digit = DigitReduction.Reduce(GreyImage.Read(path)) ?? throw new InvalidDataException($"{path} shows no digit: all of it has one colour");
        var (answer, output) = Show(digit, DigitReduction.Side, DigitReduction.Side, model);
        _terminal.Rich.MarkupLine($"{path.EscapeMarkup()} is a {answer}: {Figures.Percent(output)}");
    }

    private (int Answer, float Output) Show(ReadOnlySpan<byte> pixels, int rows, int columns, Model model)
    {
        var outputs = Outputs(pixels, rows, columns, model);
        var answer = outputs.AsSpan().IndexOf(outputs.Max());
        _terminal.Rich.Write(new DigitDrawing(pixels.ToArray(), rows, columns));
        for (var label = 0; label < outputs.Length; label++) _terminal.Rich.MarkupLine(Bar(label, outputs[label], label == answer));
        return (answer, outputs[answer]);
    }

    private static float[] Outputs(ReadOnlySpan<byte> pixels, int rows, int columns, Model model)
    {
        var network = model.Spec.Network;
        var image = new ImageSet(pixels.ToArray(), [0], rows, columns);
        var pass = new ForwardPass<float>(network, 1, 1);
        image.Gather([0], pass.Inputs(1), new float[image.TargetSize]);
        pass.Forward(model.Parameters, 1);
        return pass.Outputs(1).ToArray();
    }

    private static bool IsIndex(string item) => item.All(char.IsAsciiDigit);

    private static bool IsFileOfExamples(string item) =>
        Path.GetExtension(item).ToLowerInvariant() is ".csv" or ".png" or ".jpg" or ".jpeg" or ".webp" or ".bmp" or ".gif";

    private static string Bar(int label, float output, bool isAnswer)
    {
        var bar = new string('█', (int)Math.Round(BarWidth * Math.Clamp(output, 0, 1)));
        return $"{label} {Figures.Percent(output),9} {(isAnswer ? $"[green]{bar}[/]" : bar)}";
    }
}
