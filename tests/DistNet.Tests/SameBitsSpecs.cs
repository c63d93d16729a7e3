namespace DistNet.Tests;

/// <summary>One run specification gives one SHA-256 of the weights, whoever computes it and however.</summary>
public sealed class SameBitsSpecs : IDisposable
{
    private static readonly string[] Randomized = ["--hidden", "11,9", "--dropout", "0.3", "--distortion", "elastic:sigma=2,affine=0.1"];

    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Any_number_of_workers_and_parameter_shards_gives_the_bits_of_the_plain_trainer()
    {
        var plain = await Hash("--plain");
        foreach (var workers in (int[])[1, 2, 3, 5, 8])
        {
            foreach (var shards in (int[])[1, 2, 3, 7])
                Assert.Equal((workers, shards, plain), (workers, shards, await Hash("--workers", $"{workers}", "--parameter-shards", $"{shards}")));
        }
    }

    [Fact]
    public async Task So_it_is_where_units_are_dropped_and_images_distorted()
    {
        var plain = await Hash(["--plain", .. Randomized]);
        foreach (var workers in (int[])[1, 2, 3, 5])
            Assert.Equal((workers, plain), (workers, await Hash(["--workers", $"{workers}", "--parameter-shards", "2", .. Randomized])));
        Assert.NotEqual(plain, await Hash("--plain"));
    }

    /// <summary>512, 256 and 128 bits, and none; the last two compute fused multiply-adds in software, so the run is tiny.</summary>
    [Theory]
    [InlineData("--plain")]
    [InlineData("--workers", "2", "--parameter-shards", "3")]
    public async Task Any_vector_width_gives_the_same_bits(params string[] engine)
    {
        string[] arguments = _work.Train(["--json", "--epochs", "1", .. Randomized, .. engine]);
        var expected = (await Workspace.Run(_work.Train(["--json", "--epochs", "1", .. Randomized, "--plain"]))).Sha256;
        var switches = (string[])["DOTNET_EnableAVX512", "DOTNET_EnableAVX2", "DOTNET_EnableHWIntrinsic"];
        foreach (var name in switches)
            Assert.Equal((name, expected), (name, (await DistNetProcess.Run(arguments, null, (name, "0"))).Sha256));
    }

    [Theory]
    [InlineData("--seed", "2")]
    [InlineData("--micro-batch", "8")]
    [InlineData("--batch", "16")]
    [InlineData("--hidden", "17")]
    [InlineData("--weight-decay", "0.001")]
    [InlineData("--optimizer", "sgd")]
    [InlineData("--learning-rate", "0.002")]
    [InlineData("--schedule", "cosine")]
    [InlineData("--activation", "tanh")]
    [InlineData("--dropout", "0.2")]
    [InlineData("--distortion", "elastic")]
    public async Task What_belongs_to_the_run_specification_changes_the_bits(params string[] option) =>
        Assert.NotEqual(await Hash("--plain"), await Hash(["--plain", .. option]));

    [Fact]
    public async Task A_specification_file_gives_the_bits_of_its_options_and_options_override_it()
    {
        var options = (string[])["--plain", "--seed", "3", "--optimizer", "adam"];
        var run = (await Workspace.Run(_work.Train([.. options, "--json"]))).Result.GetProperty("run").GetString()!;
        var file = Path.Combine(_work.Root, "spec.json");
        var whole = Path.Combine(_work.Runs, run, "run.json");
        using var description = System.Text.Json.JsonDocument.Parse(await File.ReadAllTextAsync(whole));
        await File.WriteAllTextAsync(file, description.RootElement.GetProperty("spec").GetRawText());

        string[] train = ["train", "--plain", "--json", "--data", _work.Data, "--runs", _work.Runs];
        string[] fromFile = [.. train, "--spec", file];
        Assert.Equal(await Hash(options), (await Workspace.Run(fromFile)).Sha256);
        Assert.Equal(await Hash(options), (await Workspace.Run([.. train, "--spec", whole])).Sha256);
        Assert.Equal(await Hash("--plain", "--seed", "4", "--optimizer", "adam"), (await Workspace.Run([.. fromFile, "--seed", "4"])).Sha256);
    }

    private async Task<string> Hash(params string[] options) => (await Workspace.Run(_work.Train([.. options, "--json"]))).Sha256;
}
