using System.CommandLine;
using System.Globalization;
using DistNet.Neural;
using Spectre.Console;

namespace DistNet;

/// <summary>`distnet lesson keras`: the lecture's first example, from the images to test_acc, part A.</summary>
internal sealed class KerasLesson
{
    private const int Drawn = 4; // images in the terminal
    private const int Pictured = 50;

    private readonly DataOptions _data = new();
    private readonly Option<int> _epochs = CommandOptions.Count("--epochs", "N", 1, 5, "Passes over the training images");
    private readonly LessonPictures _pictures = new();
    private readonly Terminal _terminal;

    private KerasLesson(Terminal terminal) => _terminal = terminal;

    private TextWriter Output => _terminal.Output;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var lesson = new KerasLesson(terminal);
        var command = new ProgramCommand(
            "keras",
            "MNIST as with Keras, step by step: shapes, labels, montage, normalization, one-hot rows, layers, fit, test_acc",
            "distnet lesson keras",
            "distnet lesson keras --epochs 1 --output pictures");
        command.Add([lesson._data.Folder, lesson._epochs, lesson._pictures.Option]);
        command.SetAction((parsed, stop) => lesson.RunAsync(parsed, stop));
        return command;
    }

    private async Task RunAsync(ParseResult parsed, CancellationToken stop)
    {
        var data = ImageFolder.Load(_data.FolderOf(parsed));
        var usual = UsualSpec.OfImages(data.Training.InputSize, data.Training.ClassCount);
        var spec = Specs.Valid(usual with { Epochs = parsed.GetValue(_epochs) }, data.Training.Count);
        TellOfData(data);
        TellOfInputs(data.Training);
        TellOfTargets(data.Training);
        Output.WriteLine();
        Output.WriteLine("5. The layers: each output of a dense layer is connected to all of its inputs.");
        _terminal.Rich.Write(SummaryTable.Of(spec.Network));
        Output.WriteLine(SummaryTable.Totals(spec.Network));
        var result = await FitAsync(spec, data, stop).ConfigureAwait(false);
        TellOfCode();
        _pictures.Write(
            parsed,
            Output,
            ("digits", () => Montage(data.Training)),
            ("network", () => NetworkPicture.Of(spec.Network)),
            ("history", () => HistoryPicture.Of([("fit", result.History)])),
            ("confusion", () => Confusion(spec.Network, result.Parameters, data.Test)));
    }

    private void TellOfData(ImageFolder data)
    {
        Output.WriteLine("1. mnist.load_data(): images of digits in grey, and what they show");
        foreach (var (name, images) in (ReadOnlySpan<(string, ImageSet)>)[("training", data.Training), ("test", data.Test)])
            Output.WriteLine($"   {name + " images",-15} ({images.Count}, {images.Rows}, {images.Columns})    labels ({images.Count},)");
        var counts = Enumerable.Range(0, data.Training.ClassCount).Select(label => data.Training.Labels.Count((byte)label));
        Output.WriteLine($"   of each label   {string.Join("  ", counts.Select((count, label) => $"{label}: {count}"))}");
        Output.WriteLine($"   first labels    [{string.Join(", ", data.Training.Labels[..Math.Min(10, data.Training.Count)].ToArray())}]");
        Output.WriteLine();
        Output.WriteLine("2. A montage of the first of them");
        DataShowCommand.Write(data.Training, Enumerable.Range(0, Math.Min(Drawn, data.Training.Count)), _terminal.Rich);
    }

    private void TellOfInputs(ImageSet images)
    {
        var inputs = new float[images.InputSize];
        images.Gather([0], inputs, new float[images.TargetSize]);
        var pixels = images.Image(0);
        var brightest = pixels.IndexOf(pixels.ToArray().Max());
        Output.WriteLine("3. Reshape and normalize: each image becomes a row of numbers from 0 to 1");
        Output.WriteLine($"   ({images.Count}, {images.Rows}, {images.Columns}) bytes -> ({images.Count}, {images.InputSize}) float32, divided by 255");
        Output.WriteLine(Text($"   pixel {brightest} of image 0: {pixels[brightest]} / 255 = {inputs[brightest]:0.0000000}"));
    }

    private void TellOfTargets(ImageSet images)
    {
        Output.WriteLine();
        Output.WriteLine("4. to_categorical: each label becomes a one-hot row, as the soft-max layer has an output for each label");
        foreach (var label in images.Labels[..Math.Min(Drawn, images.Count)])
        {
            var row = new float[images.ClassCount];
            OneHot.Encode(label, row);
            Output.WriteLine($"   {label} -> [{string.Join(' ', row)}]");
        }
    }

    private async Task<TrainingResult> FitAsync(TrainingSpec spec, ImageFolder data, CancellationToken stop)
    {
        Output.WriteLine();
        Output.WriteLine(Text($"6. fit: rmsprop, categorical cross-entropy, {spec.Epochs} epochs in mini-batches of {spec.BatchSize}"));
        var processors = Environment.ProcessorCount;
        await using var engine = Engines.Create(new EngineSettings(Engines.Actors, processors, processors, 0), _terminal.Error, TimeProvider.System);
        var epochs = new TrainingCallbacks
        {
            Epoch = report =>
                Output.WriteLine($"   epoch {report.Epoch}  loss {Figures.Loss(report.Training.MeanLoss)}  acc {Figures.Loss(report.Training.Accuracy)}"),
        };
        var result = await engine.TrainAsync(new TrainingJob { Spec = spec, Examples = data.Training }, epochs, stop).ConfigureAwait(false);
        var evaluation = Evaluation.Evaluate(spec.Network, result.Parameters, data.Test);
        Output.WriteLine();
        Output.WriteLine(Text($"7. evaluate on the test images: test_loss {evaluation.Loss:0.0000}  test_acc {evaluation.Accuracy:0.0000}"));
        return result;
    }

    private void TellOfCode()
    {
        Output.WriteLine();
        Output.WriteLine("In C#:");
        Output.WriteLine("  var data = ImageFolder.Load(\"data/mnist\");");
        Output.WriteLine("  var network = NetworkSpec.WithInputs(784).Dense(512, Activation.Relu).Dense(10, Activation.Softmax)");
        Output.WriteLine("      .Minimize(Loss.CategoricalCrossentropy);");
        Output.WriteLine("  var spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse(\"rmsprop\") };");
        Output.WriteLine("  var result = Trainer.Train(new TrainingJob { Spec = spec, Examples = data.Training }, observer, TimeProvider.System, stop);");
        Output.WriteLine("  var test = Evaluation.Evaluate(network, result.Parameters, data.Test);");
    }

    private static Picture Montage(ImageSet images) => ImageGrid.Of(
        "training images and their labels",
        [.. Enumerable.Range(0, Math.Min(Pictured, images.Count)).Select(index => CaptionedImage.Of(images, index))],
        perRow: 10);

    private static Picture Confusion(NetworkSpec network, float[] parameters, ImageSet test)
    {
        var result = Evaluation.Evaluate(network, parameters, test);
        return ConfusionPicture.Of($"accuracy {Figures.Percent(result.Accuracy)} over {Figures.Whole(test.Count)} test images", result.Confusion);
    }

    private static string Text(FormattableString line) => line.ToString(CultureInfo.InvariantCulture);
}
