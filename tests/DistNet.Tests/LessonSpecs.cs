using System.Globalization;
using System.Text.RegularExpressions;
using SkiaSharp;

namespace DistNet.Tests;

public sealed partial class LessonSpecs
{
    private const string Write = "DISTNET_WRITE_GOLDEN";

    /// <summary>The network of Mazur's "A step by step backpropagation example" (2015), whose numbers are widely known.</summary>
    private const string WellKnown = "0.15,0.20,0.35,0.25,0.30,0.35,0.40,0.45,0.60,0.50,0.55,0.60";

    [Fact]
    public async Task Back_propagation_by_hand_has_the_numbers_of_a_well_known_example()
    {
        var output = await Lesson("backpropagation", "--input", "0.05,0.10", "--target", "0.01,0.99", "--weights", WellKnown);
        Assert.Contains("= 0.29837111", output, StringComparison.Ordinal); // E
        Assert.Equal("0.08216704", DerivativeOf("w11(3)", output));
        Assert.Equal("0.00043857", DerivativeOf("w11(2)", output));
        Assert.Contains("w11(3)   0.35891648", output, StringComparison.Ordinal);
        Assert.Contains("w22(2)   0.29950229", output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("2,2,2", 12)]
    [InlineData("3,4,2", 26)]
    [InlineData("2,3,2,1", 9 + 8 + 3)]
    [InlineData("1,12,1", 24 + 13)]
    public async Task Every_weight_and_bias_has_its_chain_rule_which_equals_the_numerical_derivative(string layers, int parameters)
    {
        var output = await Lesson("backpropagation", "--layers", layers);
        Assert.Equal(parameters, ChainRules().Count(output));
        var differences = Differences().Matches(output).Select(match => Number(match.Groups[1].Value)).ToArray();
        Assert.Equal(parameters, differences.Length);
        Assert.All(differences, difference => Assert.InRange(difference, 0, 1e-9));
    }

    [Fact]
    public async Task The_numbers_of_the_last_line_multiplied_are_the_derivative()
    {
        var products = Products().Matches(await Lesson("backpropagation", "--layers", "2,3,2"));
        Assert.Equal(17, products.Count);
        Assert.All(products, line => Assert.Equal(
            Number(line.Groups[4].Value), Number(line.Groups[1].Value) * Number(line.Groups[2].Value) * Number(line.Groups[3].Value), 1e-8));
    }

    [Fact]
    public async Task Steps_lower_the_loss()
    {
        var output = await Lesson("backpropagation", "--steps", "1000");
        var losses = Losses().Matches(output).Select(match => Number(match.Groups[1].Value)).ToArray();
        Assert.Equal(9, losses.Length); // after 2, 5, 10, ... 1000
        Assert.Equal(losses.OrderDescending(), losses);
        Assert.InRange(losses[^1], 0, 0.002);
    }

    [Fact]
    public async Task Descent_comes_to_the_least_squares_line()
    {
        var output = await Lesson("linear-regression");
        double[][] lines = [.. Fits().Matches(output).Select(match => match.Groups.Cast<Group>().Skip(1).Select(group => Number(group.Value)).ToArray())];
        Assert.Equal(2, lines.Length);
        Assert.All(lines[0].Zip(lines[1]), pair => Assert.Equal(pair.Second, pair.First, 1e-3));
        Assert.Equal([0.86078, 67.47122], lines[1][..2]); // W = 160.75 / 186.75 and b = 82.75 - 17.75 W, worked out by hand
    }

    [Fact]
    public async Task Sigmoids_are_fitted_and_their_boundaries_told()
    {
        var output = await Lesson("logistic-regression");
        Assert.Contains("y = 1/2 at x = -b / W = 2.750", output, StringComparison.Ordinal); // between the lowest pass and the highest failure, by symmetry
        var map = output[output.IndexOf("on the line", StringComparison.Ordinal)..];
        Assert.All(["....0...0...0....", "+++1++++"], row => Assert.Contains(row, map, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--layers 2", "--layers needs at least an input and an output layer")]
    [InlineData("--layers 2,x", "--layers must be whole numbers from 1 to 50 separated by commas, but 'x' was given")]
    [InlineData("--layers 40,40", "1640 weights and biases, more than the 200")]
    [InlineData("--input 1", "--input must be 2 numbers for these layers, but has 1")]
    [InlineData("--weights 1,2", "--weights must be 12 numbers for these layers, but has 2")]
    [InlineData("--target one,2", "--target must be numbers separated by commas, but 'one' was given")]
    public async Task What_cannot_be_computed_is_refused_in_one_sentence(string options, string sentence)
    {
        var outcome = await Workspace.Run(["lesson", "backpropagation", .. options.Split(' ')]);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public void Both_ways_give_the_same_gradient()
    {
        var cost = GradientCost.Measure([10, 8, 4], 1e-4, TimeProvider.System);
        Assert.Equal(124, cost.Parameters);
        Assert.InRange(cost.LargestDifference, 0, 1e-8);
    }

    [Fact]
    public async Task All_lessons_are_listed()
    {
        var output = await Lesson("list");
        Assert.All(["keras", "linear-regression", "logistic-regression", "gradient-cost", "backpropagation"], lesson => Assert.Contains(lesson, output, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("linear-regression", "line")]
    [InlineData("logistic-regression", "sigmoid", "boundary")]
    [InlineData("backpropagation --layers 3,4,2", "backpropagation")]
    public async Task Lessons_draw_pictures_where_they_are_told_to(string lesson, params string[] pictures)
    {
        using var work = new Workspace();
        var folder = Path.Combine(work.Root, "pictures");
        var output = await Lesson([.. lesson.Split(' '), "--output", folder]);
        Assert.All(pictures, name =>
        {
            using var picture = SKBitmap.Decode(Path.Combine(folder, $"{name}.png"));
            Assert.InRange(picture.Pixels.Distinct().Count(), 20, int.MaxValue);
            Assert.Contains($"{name}.png", output, StringComparison.Ordinal);
        });
        Assert.Equal(pictures.Length, Directory.GetFiles(folder).Length);
    }

    [Fact]
    public async Task The_first_lesson_goes_from_the_images_to_test_acc()
    {
        using var work = new Workspace();
        var output = await Lesson("keras", "--data", work.Data, "--epochs", "2");
        Assert.All(
            ["training images (240, 8, 8)", "(240, 64) float32, divided by 255", "dense_0", "epoch 2  loss", "test_loss"],
            words => Assert.Contains(words, output, StringComparison.Ordinal));
        var evaluated = TestAccuracy().Match(output).Groups[1].Value;
        var trained = await Workspace.Run(work.Train("--hidden", "512", "--batch", "128", "--json")); // the same specification
        Assert.Equal(trained.Result.GetProperty("testAccuracy").GetDouble(), Number(evaluated), 1e-4);
    }

    [Fact]
    public async Task Pictures_of_the_documentation_are_those_of_the_lessons()
    {
        var folder = Path.Combine(Repository.Root, "docs", "lessons");
        var text = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "LESSONS.md"));
        string[] named = [.. PictureLinks().Matches(text).Select(match => match.Groups[1].Value)];
        Assert.Equal(Directory.GetFiles(folder).Select(file => Path.GetFileName(file)!).Order(), named.Order());
        if (Environment.GetEnvironmentVariable(Write) != "1") return;
        foreach (var lesson in (string[])["keras", "linear-regression", "logistic-regression", "gradient-cost", "backpropagation"])
            await Lesson(lesson, "--output", folder);
    }

    /// <summary>Blocks that begin with a command hold what it prints.</summary>
    [Fact]
    public async Task The_numbers_in_the_documentation_are_what_the_lessons_print()
    {
        var file = Path.Combine(Repository.Root, "docs", "LESSONS.md");
        var text = await File.ReadAllTextAsync(file);
        var blocks = Blocks().Matches(text);
        Assert.NotEmpty(blocks);
        var isWriting = Environment.GetEnvironmentVariable(Write) == "1";
        foreach (Match block in blocks)
        {
            var output = await Lesson(block.Groups[1].Value.Trim().Split(' '));
            output = Montage().Replace(output.Replace("\r", "", StringComparison.Ordinal), "$1   ...\n\n"); // how it is drawn is the terminal's to say
            if (isWriting) text = text.Replace(block.Value, $"```\n$ distnet lesson {block.Groups[1].Value}\n{output}```", StringComparison.Ordinal);
            else Assert.Equal(output, block.Groups[2].Value);
        }

        if (isWriting) await File.WriteAllTextAsync(file, text);
    }

    private static async Task<string> Lesson(params string[] arguments)
    {
        var outcome = await Workspace.Run(["lesson", .. arguments]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome.Output;
    }

    private static string DerivativeOf(string parameter, string output)
    {
        var rest = output[output.IndexOf($"dE/d{parameter} =", StringComparison.Ordinal)..];
        return Numerical().Match(rest).Groups[1].Value;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^  dE/d\S+ = dE", RegexOptions.Multiline)]
    private static partial Regex ChainRules();

    [GeneratedRegex(@"difference (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Differences();

    [GeneratedRegex(@"^    = (-?[\d.]+) \* (-?[\d.]+) \* (-?[\d.]+)\n    = (-?[\d.]+)$", RegexOptions.Multiline)]
    private static partial Regex Products();

    [GeneratedRegex(@"steps E = (\S+)$", RegexOptions.Multiline)]
    private static partial Regex Losses();

    [GeneratedRegex(@"^(?:descent|least squares) +(\S+) +(\S+) +(\S+) +(\S+)$", RegexOptions.Multiline)]
    private static partial Regex Fits();

    [GeneratedRegex(@"(2\. A montage.*\n)[\s\S]*?(?=3\. )")]
    private static partial Regex Montage();

    [GeneratedRegex(@"test_acc (\S+)")]
    private static partial Regex TestAccuracy();

    [GeneratedRegex(@"\(lessons/(\S+\.png)\)")]
    private static partial Regex PictureLinks();

    [GeneratedRegex(@"numerically (\S+),")]
    private static partial Regex Numerical();

    [GeneratedRegex(@"```\n\$ distnet lesson (.*)\n([\s\S]*?)```")]
    private static partial Regex Blocks();
}
