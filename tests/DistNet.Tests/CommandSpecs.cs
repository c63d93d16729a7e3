namespace DistNet.Tests;

public sealed class CommandSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("train")]
    [InlineData("evaluate")]
    [InlineData("predict")]
    [InlineData("summary")]
    [InlineData("export")]
    [InlineData("data show")]
    [InlineData("data verify")]
    [InlineData("audit")]
    [InlineData("runs list")]
    [InlineData("runs show")]
    [InlineData("completions")]
    public async Task Every_command_has_help_with_examples(string command)
    {
        var outcome = await Workspace.Run([.. command.Split(' '), "--help"]);
        Assert.Equal(0, outcome.Code);
        Assert.Contains($"Examples:{Environment.NewLine}", outcome.Output, StringComparison.Ordinal);
        Assert.Contains($"distnet {command}", outcome.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("runs", 2)]
    [InlineData("trian", 2)]
    public async Task Without_a_command_the_program_says_which_there_are(string command, int code)
    {
        var outcome = await Workspace.Run(command.Split(' ', StringSplitOptions.RemoveEmptyEntries));
        Assert.Equal(code, outcome.Code);
        Assert.Contains(command switch { "runs" => "list, show", "trian" => "did you mean 'train'?", _ => "Commands:" }, outcome.Output + outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_of_the_lectures_network_counts_its_407050_parameters()
    {
        var output = (await Workspace.Run("summary")).Output;
        Assert.Contains("401,920", output, StringComparison.Ordinal);
        Assert.Contains("5,130", output, StringComparison.Ordinal);
        Assert.Contains("407,050 parameters, 1.63 MB", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_summary_of_a_model_is_of_the_network_it_was_trained_with()
    {
        await Workspace.Run(_work.Train("--plain", "--hidden", "16,8"));
        var output = (await Workspace.Run("summary", "--model", "latest", "--runs", _work.Runs)).Output;
        Assert.Contains("dense_2", output, StringComparison.Ordinal);
        Assert.Contains("1,266 parameters", output, StringComparison.Ordinal); // 65 x 16 + 17 x 8 + 9 x 10
    }

    [Fact]
    public async Task Hidden_none_leaves_the_output_layer_alone() =>
        Assert.Contains("7,850 parameters", (await Workspace.Run("summary", "--hidden", "none")).Output, StringComparison.Ordinal);

    [Fact]
    public async Task Predict_draws_the_image_and_a_probability_for_each_class()
    {
        await Workspace.Run(_work.Train("--plain", "--epochs", "10"));
        var lines = (await Workspace.Run("predict", "3", "--data", _work.Data, "--runs", _work.Runs)).Output.Split('\n');
        var bars = lines.Where(line => line.Contains(" % ", StringComparison.Ordinal)).ToArray();
        Assert.Equal(10, bars.Length);
        Assert.Equal(100, bars.Sum(bar => double.Parse(bar[1..11].Replace("%", ""), System.Globalization.CultureInfo.InvariantCulture)), 0.1);
        Assert.StartsWith("image 3 is a ", lines[^2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Evaluate_shows_a_confusion_matrix_and_precision_and_recall_of_each_class()
    {
        await Workspace.Run(_work.Train("--plain"));
        var output = (await Workspace.Run("evaluate", "--data", _work.Data, "--runs", _work.Runs, "--split", "train")).Output;
        Assert.Contains("over 240 images", output, StringComparison.Ordinal);
        Assert.Contains("true \\ answer", output, StringComparison.Ordinal);
        Assert.Contains("precision", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_model_is_measured_on_the_images_it_was_trained_with_unless_others_are_named()
    {
        var trained = await Workspace.Run(_work.Train("--plain", "--json"));
        var output = (await Workspace.Run("evaluate", "--runs", _work.Runs)).Output;
        Assert.StartsWith($"accuracy {Figures.Percent(trained.Result.GetProperty("testAccuracy").GetDouble())}", output, StringComparison.Ordinal);
        Assert.Contains("over 60 images", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Commands_that_are_told_can_be_copied_where_the_folder_of_runs_has_a_blank()
    {
        var runs = Path.Combine(_work.Root, "my runs");
        var trained = await Workspace.Run(_work.Train("--plain", "--runs", runs));
        Assert.Contains($" --runs '{runs}' ", trained.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_run_without_a_model_says_how_to_finish_it()
    {
        await Workspace.Run(_work.Train("--plain"));
        var run = Directory.GetDirectories(_work.Runs).Single();
        File.Delete(Path.Combine(run, "model.safetensors"));
        var outcome = await Workspace.Run("evaluate", "--data", _work.Data, "--runs", _work.Runs);
        Assert.Equal(2, outcome.Code);
        Assert.Contains($"distnet train --resume {Path.GetFileName(run)}", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Runs_are_listed_with_their_accuracy_and_shown_with_their_epochs()
    {
        var sha256 = (await Workspace.Run(_work.Train("--plain", "--json"))).Sha256;
        Assert.Contains(sha256[..8], (await Workspace.Run("runs", "list", "--runs", _work.Runs)).Output, StringComparison.Ordinal);
        var shown = (await Workspace.Run("runs", "show", "--runs", _work.Runs)).Output;
        Assert.Contains(sha256, shown, StringComparison.Ordinal);
        Assert.Contains("validation loss", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_closes_early_does_not_crash_the_program()
    {
        if (OperatingSystem.IsWindows()) return;
        var program = Path.Combine(AppContext.BaseDirectory, "distnet.dll");
        using var shell = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("sh", ["-c", $"dotnet {program} data show --data {_work.Data} --count 200 | head -n 1"]) { RedirectStandardError = true, RedirectStandardOutput = true })!;
        Assert.NotEmpty(await shell.StandardOutput.ReadToEndAsync());
        Assert.Empty(await shell.StandardError.ReadToEndAsync());
    }
}
