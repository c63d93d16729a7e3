using System.Text.RegularExpressions;

namespace DistNet.Tests;

/// <summary>The programs of docs/samples, as they are built beside the tests.</summary>
public sealed partial class SampleSpecs
{
    [Fact]
    public async Task MNIST_is_trained_in_ten_lines_to_the_bits_of_the_program()
    {
        var output = await Run("TrainMnist", DataFolders.Find(null));
        Assert.Matches(@"epoch 2: loss 0\.\d+\r?\ntest accuracy 0\.97\d\d, weights [0-9a-f]{64}", output);
        using var work = new Workspace();
        var trained = await Workspace.Run("train", "--epochs", "2", "--data", DataFolders.Find(null), "--runs", work.Runs, "--json");
        Assert.Contains(trained.Sha256, output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_table_is_learnt_and_asked()
    {
        var output = await Run("TableRegression", Path.Combine(Repository.Root, "data", "lessons", "line.csv"));
        Assert.Matches(@"55: 114\.814\r?\n60: 119\.118", output);
    }

    [Fact]
    public async Task Callbacks_stop_a_run_which_goes_on_to_its_early_stop()
    {
        using var work = new Workspace();
        var output = await Run("Callbacks", DataFolders.Find(null));
        Assert.Matches(@"Interrupted after step \d+[\s\S]*StoppedEarly after epoch \d+", output);
        var losses = Losses().Matches(output).Select(match => double.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture)).ToArray();
        Assert.Equal(losses.Min(), losses[^3]); // patience of two epochs
    }

    private static async Task<string> Run(string sample, params string[] arguments)
    {
        var build = Path.GetRelativePath(Path.Combine(Repository.Root, "tests", "DistNet.Tests"), AppContext.BaseDirectory); // bin/Release/net10.0
        var outcome = await DistNetProcess.RunOther("dotnet", [Path.Combine(Repository.Root, "docs", "samples", sample, build, $"{sample}.dll"), .. arguments]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome.Output;
    }

    [GeneratedRegex(@"validation loss (\S+)")]
    private static partial Regex Losses();
}
