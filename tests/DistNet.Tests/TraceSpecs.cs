using System.Globalization;
using System.Text.RegularExpressions;
using DistNet.Neural;

namespace DistNet.Tests;

/// <summary>Where one weight's gradient comes from.</summary>
public sealed partial class TraceSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("tanh", "dense_0/kernel[20,3]")]
    [InlineData("sigmoid", "dense_0/bias[5]")]
    [InlineData("relu", "dense_0/kernel[31,7]")]
    [InlineData("sigmoid", "dense_1/kernel[2,4]")]
    [InlineData("tanh", "dense_2/kernel[6,9]")]
    [InlineData("linear", "dense_2/bias[0]")]
    public async Task The_factors_multiplied_are_the_derivative_by_back_propagation_and_numerically(string activation, string unit)
    {
        await Run(_work.Train("--plain", "--hidden", "16,12", "--activation", activation));
        var output = await Run("trace", "latest", "--example", "7", "--unit", unit, "--runs", _work.Runs);
        var product = Product().Match(output);
        var factors = product.Groups[1].Value.Split(" * ").Select(Number).ToArray();
        Assert.Equal(Number(product.Groups[2].Value), factors.Aggregate(1.0, (left, right) => left * right), 1e-9);
        Assert.Equal(Number(product.Groups[2].Value), Number(Analytic().Match(output).Groups[1].Value), 1e-9);
        Assert.InRange(Number(Difference().Match(output).Groups[1].Value), 0, 1e-8);
    }

    [Fact]
    public async Task Parts_of_micro_batches_and_examples_add_up()
    {
        await Run(_work.Train("--plain", "--activation", "tanh"));
        var output = await Run("trace", "latest", "--example", "7", "--unit", "dense_0/kernel[20,3]", "--epoch", "1", "--runs", _work.Runs);
        var parts = Parts().Matches(output).Select(match => (IsOwn: match.Groups[1].Length > 0, Sum: Number(match.Groups[2].Value))).ToArray();
        Assert.Equal(2, parts.Length); // a mini-batch of 32 in micro-batches of 16
        Assert.Equal(parts.Sum(part => part.Sum) / 32, Number(Mean().Match(output).Groups[1].Value), 1e-9);
        var examples = Examples().Matches(output).Select(match => (IsOwn: match.Groups[1].Length > 0, Index: match.Groups[2].Value, Part: Number(match.Groups[3].Value))).ToArray();
        Assert.Equal(parts.Single(part => part.IsOwn).Sum, examples.Sum(example => example.Part), 1e-9);
        var own = Assert.Single(examples, example => example.IsOwn);
        Assert.Equal("7", own.Index);
        Assert.Equal(Number(Analytic().Match(output).Groups[1].Value), own.Part, 1e-9);
    }

    [Fact]
    public async Task In_a_clusters_run_the_ledger_says_who_computed_each_micro_batch()
    {
        using var cluster = DistNetProcess.Start(_work.Train("--nodes", "2"));
        var trained = await cluster.End();
        Assert.True(trained.Code == 0, trained.Error);
        var output = await Run("trace", "latest", "--example", "3", "--unit", "dense_1/kernel[2,4]", "--runs", _work.Runs);
        Assert.Equal(2, Workers().Count(output)); // two micro-batches of 16; one that is slow has its own computed by the other
    }

    [Fact]
    public async Task A_run_that_stopped_early_is_traced_to_the_epoch_it_came_to()
    {
        string[] nothingIsLearnt = ["--optimizer", "sgd", "--learning-rate", "1e-12", "--validation", "0.1", "--early-stopping", "1"];
        await Run(_work.Train(["--workers", "1", "--ledger", "--epochs", "50", .. nothingIsLearnt]));
        var epochs = RunFolder.Open(_work.Runs, RunFolder.Latest).ReadResult()!.Epochs;
        Assert.InRange(epochs, 1, 49);
        var output = await Run("trace", "latest", "--example", "3", "--unit", "dense_1/kernel[2,4]", "--runs", _work.Runs);
        Assert.Contains($"Epoch {epochs} takes it in step", output, StringComparison.Ordinal);
        Assert.Equal(2, OwnWorkers().Count(output));
    }

    [Theory]
    [InlineData("--unit dense_7/bias[1]", "--unit must name a weight or bias as in")]
    [InlineData("--unit dense_0/kernel[64,1]", "dense_0/kernel is 64 x 16, counted from 0, so it has no 'dense_0/kernel[64,1]'")]
    [InlineData("--unit dense_1/bias[10]", "dense_1/bias is 10 numbers")]
    [InlineData("--unit dense_1/bias[1] --example 240", "there is no training example 240")]
    [InlineData("--unit dense_1/bias[1] --epoch 3", "was trained for 2 epochs")]
    public async Task What_cannot_be_traced_is_refused_in_one_sentence(string options, string sentence)
    {
        await Run(_work.Train("--plain"));
        var outcome = await Workspace.Run(["trace", "latest", .. options.Split(' '), "--runs", _work.Runs]);
        Assert.Equal((2, ""), (outcome.Code, outcome.Output));
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
    }

    private static async Task<string> Run(params string[] arguments)
    {
        var outcome = await Workspace.Run(arguments);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome.Output;
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^  dE/dw = (.*) = (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Product();

    [GeneratedRegex(@"by back-propagation (\S+)")]
    private static partial Regex Analytic();

    [GeneratedRegex(@"difference (\S+)")]
    private static partial Regex Difference();

    [GeneratedRegex(@"^ +(\* )?\d+ +16 +(\S+) *\r?$", RegexOptions.Multiline)]
    private static partial Regex Parts();

    [GeneratedRegex(@"^  (\*?) +(\d+)  (\S+)\r?$", RegexOptions.Multiline)]
    private static partial Regex Examples();

    [GeneratedRegex(@"mean over 32 examples: (\S+)")]
    private static partial Regex Mean();

    [GeneratedRegex(@"worker-0 *\r?$", RegexOptions.Multiline)]
    private static partial Regex OwnWorkers();

    [GeneratedRegex(@"worker-\d+ of 127\.0\.0\.1:\d+")]
    private static partial Regex Workers();
}
