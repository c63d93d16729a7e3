namespace DistNet.Tests;

/// <summary>Ctrl-C stops at a step, leaves a checkpoint, and the run that goes on from it ends with the bits of one that never stopped.</summary>
public sealed class InterruptSpecs : IDisposable
{
    private const int Epochs = 40;
    private const int Steps = 90 * Epochs;

    /// <summary>Wide layers and many epochs, so that the run takes seconds after its first line: the signal
    /// meets it, however late a busy machine sends it.</summary>
    private static readonly string[] LongRun = ["--hidden", "512,512", "--batch", "8", "--epochs", $"{Epochs}", "--validation", "0.1"];

    private readonly Workspace _work = new(training: 800);

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData(DistNetProcess.Interrupt)]
    [InlineData(DistNetProcess.Terminate)]
    public async Task A_signal_stops_the_run_with_a_checkpoint_and_says_how_to_resume(int signal)
    {
        var outcome = await InterruptedRun(signal);
        Assert.Equal(130, outcome.Code);
        Assert.Matches("Stopped after step [0-9]+", outcome.Output);
        Assert.Contains($"distnet train --resume {RunId} --runs {_work.Runs}", outcome.Output, StringComparison.Ordinal);
        Assert.NotEmpty(Directory.GetFiles(Path.Combine(_work.Runs, RunId, "checkpoints"), "*.safetensors"));
        Assert.Contains("Stopping after this step", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_run_resumes_to_the_bits_of_one_that_never_stopped_on_any_engine()
    {
        Assert.Equal(130, (await InterruptedRun(DistNetProcess.Interrupt)).Code);
        var uninterrupted = await Uninterrupted();
        foreach (var engine in (string[][])[["--plain"], ["--workers", "3", "--parameter-shards", "5"]])
        {
            var copy = CopyOfRuns();
            var resumed = await Workspace.Run(["train", "--resume", RunId, "--runs", copy, "--json", .. engine]);
            Assert.Equal((0, Steps), (resumed.Code, resumed.Result.GetProperty("steps").GetInt32()));
            Assert.Equal(uninterrupted, resumed.Sha256);
        }
    }

    [Fact]
    public async Task A_run_resumes_only_as_what_it_began_as()
    {
        await InterruptedRun(DistNetProcess.Interrupt);
        var changed = await Workspace.Run("train", "--resume", "latest", "--runs", _work.Runs, "--seed", "2", "--hidden", "8");
        Assert.Equal(2, changed.Code);
        Assert.Contains("--hidden, --seed would change the arithmetic", changed.Sentence, StringComparison.Ordinal);

        SmallImages.WriteFolder(_work.Data, training: 800, seed: 9);
        var other = await Workspace.Run("train", "--resume", "latest", "--runs", _work.Runs);
        Assert.Equal(1, other.Code);
        Assert.Contains("was begun with other images", other.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_complete_run_has_nothing_to_resume()
    {
        await Workspace.Run(_work.Train("--plain"));
        var outcome = await Workspace.Run("train", "--resume", "latest", "--runs", _work.Runs);
        Assert.Equal(2, outcome.Code);
        Assert.Contains("is complete", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_newest_checkpoint_is_passed_over_for_the_one_before()
    {
        Assert.Equal(130, (await InterruptedRun(DistNetProcess.Interrupt)).Code);
        var newest = Directory.GetFiles(Path.Combine(_work.Runs, RunId, "checkpoints")).Order().Last();
        await File.WriteAllBytesAsync(newest, (await File.ReadAllBytesAsync(newest))[..1000]);
        var resumed = await Workspace.Run("train", "--resume", RunId, "--runs", _work.Runs, "--json", "--plain");
        Assert.Contains("passed over", resumed.Error, StringComparison.Ordinal);
        Assert.Equal(await Uninterrupted(), resumed.Sha256);
    }

    [Theory]
    [InlineData("--plain")]
    [InlineData("--workers 2")]
    public async Task A_run_whose_checkpoints_are_all_damaged_is_refused_and_not_begun_anew(string engine)
    {
        await InterruptedRun(DistNetProcess.Interrupt);
        foreach (var checkpoint in Directory.GetFiles(Path.Combine(_work.Runs, RunId, "checkpoints")))
            await File.WriteAllBytesAsync(checkpoint, (await File.ReadAllBytesAsync(checkpoint))[..1000]);
        var before = Files();
        var resumed = await Workspace.Run(["train", "--resume", RunId, "--runs", _work.Runs, .. engine.Split(' ')]);
        Assert.Equal((1, ""), (resumed.Code, resumed.Output));
        Assert.Contains($"run {RunId} has no intact checkpoint to resume", resumed.Sentence, StringComparison.Ordinal);
        Assert.Equal(before, Files());
    }

    private (string Path, long Bytes)[] Files() =>
        [.. Directory.EnumerateFiles(_work.Runs, "*", SearchOption.AllDirectories).Order().Select(file => (file, new FileInfo(file).Length))];

    private async Task<string> Uninterrupted() =>
        (await Workspace.Run(_work.Train(["--json", "--runs", Path.Combine(_work.Root, "whole"), .. LongRun]))).Sha256;

    private string RunId => Path.GetFileName(Directory.GetDirectories(_work.Runs).Single());

    private async Task<Outcome> InterruptedRun(int signal)
    {
        using var process = DistNetProcess.Start(_work.Train(LongRun));
        await process.LineWith($"epoch 1/{Epochs}");
        process.Signal(signal);
        return await process.End();
    }

    private string CopyOfRuns()
    {
        var copy = Directory.CreateDirectory(Path.Combine(_work.Root, Path.GetRandomFileName())).FullName;
        foreach (var file in Directory.EnumerateFiles(_work.Runs, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(copy, Path.GetRelativePath(_work.Runs, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }

        return copy;
    }
}
