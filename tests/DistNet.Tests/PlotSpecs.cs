using System.Xml.Linq;
using DistNet.Neural;
using SkiaSharp;

namespace DistNet.Tests;

[Collection(MnistModelGroup.Name)]
public sealed class PlotSpecs(MnistModel model) : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("network")]
    [InlineData("history")]
    [InlineData("digits")]
    [InlineData("confusion")]
    [InlineData("weights")]
    [InlineData("errors")]
    public async Task Every_picture_comes_as_PNG_and_as_SVG(string what)
    {
        using var png = SKBitmap.Decode(await Drawn(what, "png"));
        Assert.InRange(ColorsIn(png, SKRectI.Create(0, 0, png.Width / 2, png.Height)), 5, int.MaxValue);
        Assert.InRange(ColorsIn(png, SKRectI.Create(png.Width / 2, 0, png.Width / 2, png.Height)), 5, int.MaxValue);

        var svg = XDocument.Load(await Drawn(what, "svg")).Root!;
        Assert.Equal(($"{png.Width}", $"{png.Height}"), (svg.Attribute("width")!.Value, svg.Attribute("height")!.Value));
        Assert.Contains(svg.Descendants(), element => element.Name.LocalName == "text");
    }

    [Fact]
    public async Task The_network_shows_each_layers_shapes_and_parameters()
    {
        var words = await Words("network");
        Assert.All(["dense_0: relu", "401,920 parameters", "(batch, 784)", "(batch, 512)", "dense_1: softmax", "(batch, 10)"], word => Assert.Contains(word, words, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_confusion_picture_has_the_counts_of_the_evaluation()
    {
        var words = (await Words("confusion")).Split('\n');
        var trained = model.Read();
        var result = Evaluation.Evaluate(trained.Spec.Network, trained.Parameters, ImageFolder.LoadTest(model.Mnist));
        Assert.All(result.Confusion.Counts.Where(count => count > 0), count => Assert.Contains($"{count}", words));
    }

    [Fact]
    public void Mistakes_are_all_the_wrong_answers_the_surest_first()
    {
        var (trained, images) = (model.Read(), ImageFolder.LoadTest(model.Mnist));
        var mistakes = Mistake.Of(trained, images);
        Assert.Equal(images.Count - Evaluation.Evaluate(trained.Spec.Network, trained.Parameters, images).Statistics.Correct, mistakes.Count);
        Assert.Equal(mistakes.Select(mistake => mistake.Output).OrderDescending(), mistakes.Select(mistake => mistake.Output));
        Assert.All(mistakes, mistake => Assert.NotEqual(mistake.Truth, mistake.Answer));
    }

    [Fact]
    public async Task Curves_of_several_runs_are_drawn_together()
    {
        await Workspace.Run(_work.Train("--plain"));
        await Workspace.Run(_work.Train("--plain", "--seed", "2", "--validation", "0.2"));
        string[] runs = [.. Directory.GetDirectories(_work.Runs).Select(run => Path.GetFileName(run)!)];
        var file = Path.Combine(_work.Root, "two.svg");
        var outcome = await Workspace.Run(["plot", "history", .. runs, "--output", file, "--runs", _work.Runs]);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.All(runs, run => Assert.Contains($"{run} training", WordsIn(file), StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("network --output n.gif", "ends in .png or .svg, but 'n.gif' was given")]
    [InlineData("history nothing", "There are no runs")]
    [InlineData("digits --from 10000 --split test", "there is no test image 10000")]
    public async Task What_cannot_be_drawn_is_refused_in_one_sentence(string arguments, string sentence)
    {
        var before = Directory.GetFiles(".").Length;
        var outcome = await Workspace.Run(["plot", .. arguments.Split(' ')]);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, Directory.GetFiles(".").Length);
    }

    private async Task<string> Words(string what) => WordsIn(await Drawn(what, "svg"));

    private static string WordsIn(string svg) =>
        string.Join('\n', XDocument.Load(svg).Descendants().Where(element => element.Name.LocalName == "text").Select(element => element.Value.Trim()));

    private async Task<string> Drawn(string what, string ending)
    {
        var file = Path.Combine(_work.Root, $"{what}.{ending}");
        string[] data = what is "digits" or "confusion" or "errors" ? ["--data", model.Mnist] : [];
        string[] runs = what is "digits" ? [] : ["latest", "--runs", model.Runs];
        var outcome = await Workspace.Run(["plot", what, .. runs, .. data, "--output", file]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return file;
    }

    private static int ColorsIn(SKBitmap picture, SKRectI part)
    {
        using var cut = new SKBitmap();
        Assert.True(picture.ExtractSubset(cut, part));
        return cut.Pixels.Distinct().Count();
    }
}
