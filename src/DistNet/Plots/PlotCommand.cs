using System.CommandLine;
using DistNet.Neural;
using SkiaSharp;

namespace DistNet;

/// <summary>`distnet plot`: pictures of networks, runs, images and mistakes, as PNG or SVG.</summary>
internal static class PlotCommand
{
    private const int PerRow = 10;

    /// <summary>Builds the command and its parts.</summary>
    public static Command Create(Terminal terminal) => new ProgramCommand(
        "plot", "Draw pictures as PNG or SVG: network, history, digits, confusion, weights, errors")
    {
        Network(terminal), History(terminal), Digits(terminal), Confusion(terminal), Weights(terminal), Errors(terminal),
    };

    private static ProgramCommand Network(Terminal terminal)
    {
        var (model, output) = (new ModelArgument(), new OutputOption("network.png"));
        var command = new ProgramCommand("network", "Draw a model's layers and shapes", "distnet plot network latest --output network.svg") { output.Option };
        model.AddTo(command);
        command.SetAction(parsed => output.Write(parsed, () => NetworkPicture.Of(model.Read(parsed).Spec.Network), terminal));
        return command;
    }

    private static ProgramCommand History(Terminal terminal)
    {
        var (runs, output) = (new RunsOption(), new OutputOption("history.png"));
        var names = new Argument<string[]>("RUN") { HelpName = "RUN", Description = "Runs to draw [default: latest]", Arity = ArgumentArity.ZeroOrMore };
        names.CompletionSources.Add(runs.Complete);
        var command = new ProgramCommand(
            "history", "Draw the curves of loss and accuracy over the epochs of one run or several",
            "distnet plot history", "distnet plot history 20261124-131057 latest --output two.svg") { names, output.Option, runs.Option };
        command.SetAction(parsed =>
        {
            var named = parsed.GetValue(names) is { Length: > 0 } given ? given : [RunFolder.Latest];
            output.Write(parsed, () => HistoryPicture.Of([.. named.Select(name => EpochsOf(runs.Open(parsed, name)))]), terminal);
        });
        return command;
    }

    private static ProgramCommand Digits(Terminal terminal)
    {
        var (data, output) = (new DataOptions("train"), new OutputOption("digits.png"));
        var first = CommandOptions.Count("--from", "INDEX", 0, 0, "First image, counted from 0");
        var count = CommandOptions.Count("--count", "N", 1, 50, "How many images", maximum: 1000);
        var command = new ProgramCommand("digits", "Draw images of the data set with their labels", "distnet plot digits --split test --count 100");
        command.Add([first, count, output.Option, .. data.All]);
        command.SetAction(parsed => output.Write(
            parsed, () => Montage(data.Load(parsed), data.SplitOf(parsed), parsed.GetValue(first), parsed.GetValue(count)), terminal));
        return command;
    }

    private static ProgramCommand Confusion(Terminal terminal)
    {
        var (model, data, output) = (new ModelArgument(), new DataOptions(), new OutputOption("confusion.png"));
        var command = new ProgramCommand("confusion", "Draw which class is taken for which", "distnet plot confusion latest") { output.Option };
        model.AddTo(command);
        command.Add(data.All);
        command.SetAction(parsed => output.Write(parsed, () =>
        {
            var trained = model.Read(parsed);
            var result = Evaluation.Evaluate(trained.Spec.Network, trained.Parameters, data.LoadFor(parsed, trained));
            if (result.Confusion.ClassCount == 0) throw new UsageException("the model is a regression, which has no classes to confuse");
            var title = $"accuracy {Figures.Percent(result.Accuracy)} over {Figures.Whole(result.Statistics.Examples)} images";
            return ConfusionPicture.Of(title, result.Confusion);
        }, terminal));
        return command;
    }

    private static ProgramCommand Weights(Terminal terminal)
    {
        var (model, output) = (new ModelArgument(), new OutputOption("weights.png"));
        var count = CommandOptions.Count("--count", "N", 1, 50, "How many units", maximum: 1000);
        var command = new ProgramCommand("weights", "Draw the first layer's weights as images", "distnet plot weights latest --count 100");
        command.Add([count, output.Option]);
        model.AddTo(command);
        command.SetAction(parsed => output.Write(parsed, () =>
        {
            var trained = model.Read(parsed);
            return FilterPicture.Of(trained, SideOf(trained.Spec.Network.InputSize), parsed.GetValue(count));
        }, terminal));
        return command;
    }

    private static ProgramCommand Errors(Terminal terminal)
    {
        var (model, data, output) = (new ModelArgument(), new DataOptions(), new OutputOption("errors.png"));
        var count = CommandOptions.Count("--count", "N", 1, 50, "How many mistakes", maximum: 1000);
        var command = new ProgramCommand("errors", "Draw the mistakes a model is surest of", "distnet plot errors latest --count 20") { count, output.Option };
        model.AddTo(command);
        command.Add(data.All);
        command.SetAction(parsed => output.Write(
            parsed,
            () =>
            {
                var trained = model.Read(parsed);
                return Mistakes(trained, data.LoadFor(parsed, trained), parsed.GetValue(count));
            },
            terminal));
        return command;
    }

    private static (string Name, IReadOnlyList<EpochReport> Epochs) EpochsOf(RunFolder run) =>
        run.ReadHistory() is { Count: > 0 } epochs ? (run.Id, epochs) : throw new UsageException($"run {run.Id} has no epoch to draw yet");

    private static Picture Montage(ImageSet images, string split, int first, int count)
    {
        DataShowCommand.RequireIndex(first, images, split);
        var last = Math.Min(first + count, images.Count) - 1;
        return ImageGrid.Of(
            $"{split} images {first} to {last} of {Figures.Whole(images.Count)}",
            [.. Enumerable.Range(first, last - first + 1).Select(index => CaptionedImage.Of(images, index))],
            PerRow);
    }

    private static Picture Mistakes(Model model, ImageSet images, int count)
    {
        var mistakes = Mistake.Of(model, images);
        if (mistakes.Count == 0) throw new UsageException("the model makes no mistake on these images");
        Mistake[] surest = [.. mistakes.Take(count)];
        return ImageGrid.Of(
            $"the {surest.Length} surest of {mistakes.Count} mistakes: true label, answer, its probability",
            [.. surest.Select(mistake => CaptionedImage.Of(
                images, mistake.Index, $"{mistake.Truth} → {mistake.Answer}  {100 * mistake.Output:0} %", SKColors.Firebrick))],
            PerRow);
    }

    private static int SideOf(int pixels)
    {
        var side = (int)Math.Sqrt(pixels);
        return side * side == pixels ? side : throw new UsageException($"the model's {pixels} inputs are no square image");
    }
}
