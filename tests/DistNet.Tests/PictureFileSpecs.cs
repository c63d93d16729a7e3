using DistNet.Neural;
using SkiaSharp;

namespace DistNet.Tests;

/// <summary>Pictures of digits in files, of any size and ground, brought to MNIST's form.</summary>
[Collection(MnistModelGroup.Name)]
public sealed class PictureFileSpecs(MnistModel model) : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public void MNISTs_images_come_out_as_they_went_in()
    {
        var images = ImageFolder.LoadTest(model.Mnist);
        for (var index = 0; index < 500; index++)
        {
            var image = images.Image(index).ToArray();
            var brightest = image.Max();
            Assert.Equal(image.Select(level => (byte)MathF.Round(level * 255f / brightest)), DigitReduction.Reduce(GreyImage.Of([.. image.Select(level => (float)level)], 28, 28)));
        }
    }

    [Fact]
    public void Five_hundred_digits_enlarged_inverted_and_shifted_keep_their_labels()
    {
        var (trained, images, random) = (model.Read(), ImageFolder.LoadTest(model.Mnist), new Random(1));
        var same = 0;
        for (var index = 0; index < 500; index++)
        {
            var file = Path.Combine(_work.Root, $"{index}.png");
            SaveChanged(images.Image(index), file, random);
            var reduced = DigitReduction.Reduce(GreyImage.Read(file))!;
            if (LabelOf(trained, reduced) == LabelOf(trained, images.Image(index).ToArray())) same++;
        }

        Assert.InRange(same, 495, 500);
    }

    [Theory]
    [InlineData(40, false)]
    [InlineData(300, true)]
    public void Printed_digits_are_read(int size, bool isLightOnDark)
    {
        var trained = model.Read();
        var right = Enumerable.Range(0, 10).Count(digit =>
        {
            var file = Path.Combine(_work.Root, $"font-{digit}.png");
            SavePrinted(digit, size, isLightOnDark, file);
            return LabelOf(trained, DigitReduction.Reduce(GreyImage.Read(file))!) == digit;
        });
        Assert.InRange(right, 7, 10); // print is not handwriting: its 1 has a foot, its 4 and 9 are closed
    }

    [Fact]
    public async Task Several_files_are_shown_with_their_answers()
    {
        string[] files = [Path.Combine(_work.Root, "seven.png"), Path.Combine(_work.Root, "two.png")];
        var images = ImageFolder.LoadTest(model.Mnist);
        SaveChanged(images.Image(0), files[0], new Random(1)); // a 7
        SaveChanged(images.Image(1), files[1], new Random(2)); // a 2
        var outcome = await Workspace.Run(["predict", "latest", .. files, "--runs", model.Runs]);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Matches(@"seven.png is a\s7[\s\S]*two.png is a\s2", outcome.Output);
    }

    [Fact]
    public async Task What_is_no_picture_of_a_digit_is_refused_in_one_sentence()
    {
        var text = Path.Combine(_work.Root, "text.png");
        await File.WriteAllTextAsync(text, "no picture");
        var white = Path.Combine(_work.Root, "white.png");
        new Picture(50, 50, _ => { }).Write(white);
        Assert.All(
            [(text, "is no picture that can be read"), (white, "shows no digit"), ("missing.png", "there is no picture missing.png")],
            bad =>
            {
                var outcome = Workspace.Run("predict", "latest", bad.Item1, "--runs", model.Runs).GetAwaiter().GetResult();
                Assert.NotEqual(0, outcome.Code);
                Assert.Contains(bad.Item2, outcome.Sentence, StringComparison.Ordinal);
            });
    }

    private static void SaveChanged(ReadOnlySpan<byte> image, string file, Random random)
    {
        var (scale, isDark, isSmooth) = (2 + (random.NextDouble() * 8), random.Next(2) == 0, random.Next(2) == 0);
        var side = (int)(28 * scale);
        var (x, y) = (random.Next(side), random.Next(side));
        SKColor[] colors = [.. image.ToArray().Select(level => Grey(isDark ? (byte)(255 - level) : level))];
        using var bitmap = new SKBitmap(28, 28) { Pixels = colors };
        using var small = SKImage.FromBitmap(bitmap);
        new Picture(2 * side, 2 * side, canvas =>
        {
            canvas.Clear(colors[0]);
            canvas.DrawImage(small, SKRect.Create(x, y, side, side), new SKSamplingOptions(isSmooth ? SKFilterMode.Linear : SKFilterMode.Nearest));
        }).Write(file);
    }

    private static void SavePrinted(int digit, int size, bool isLightOnDark, string file) => new Picture(2 * size, 2 * size, canvas =>
    {
        canvas.Clear(isLightOnDark ? SKColors.Navy : SKColors.Beige);
        canvas.DrawWords($"{digit}", size / 3f, 1.4f * size, size, isLightOnDark ? SKColors.Yellow : SKColors.DarkGreen);
    }).Write(file);

    private static SKColor Grey(byte level) => new(level, level, level);

    private static int LabelOf(Model trained, byte[] image)
    {
        var network = trained.Spec.Network;
        var pass = new ForwardPass<float>(network, 1, 1);
        new ImageSet(image, [0], 28, 28).Gather([0], pass.Inputs(1), new float[10]);
        pass.Forward(trained.Parameters, 1);
        return Answers.ClassOf(network, pass.Outputs(1));
    }
}
