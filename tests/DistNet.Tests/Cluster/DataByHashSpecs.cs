namespace DistNet.Tests.Cluster;

/// <summary>Worker processes without images: they get them from the coordinator's node, and keep them on disk.</summary>
[Collection(Processes.Name)]
public sealed class DataByHashSpecs : IDisposable
{
    private const string Secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    private const string Fetches = "Fetches the training images";

    private static readonly string[] Run = ["--hidden", "8", "--epochs", "1", "--validation", "0.1", "--json"];

    private readonly Workspace _work = new();
    private readonly DistNetProcess _coordinator;

    public DataByHashSpecs()
    {
        Directory.CreateDirectory(Nothing);
        _coordinator = Node("--roles", "coordinator", "--data", _work.Data);
    }

    private string Nothing => Path.Combine(_work.Root, "nothing");

    // One of its own for each worker: what the first fetched, the second would find.
    private string Cache(int worker) => Path.Combine(_work.Root, $"cache-{worker}");

    public void Dispose()
    {
        _coordinator.Dispose();
        _work.Dispose();
    }

    [Fact]
    public async Task Workers_without_images_fetch_them_train_to_the_same_bits_and_fetch_them_again_only_where_they_are_damaged()
    {
        var address = await AddressOf(_coordinator);
        var plain = await Workspace.Run(["train", "--plain", "--data", _work.Data, "--runs", Path.Combine(_work.Root, "plain"), .. Run]);

        var first = await Train(address, plain.Sha256, workers: 2);
        Assert.All(first, worker => Assert.Contains(Fetches, worker, StringComparison.Ordinal));
        Assert.All(first, worker => Assert.Contains("content hash verified", worker, StringComparison.Ordinal));

        var second = await Train(address, plain.Sha256, workers: 1);
        Assert.DoesNotContain(Fetches, Assert.Single(second), StringComparison.Ordinal);

        var kept = Path.Combine(Assert.Single(Directory.GetDirectories(Cache(0))), "train-images-idx3-ubyte");
        var sound = await File.ReadAllBytesAsync(kept);
        await File.WriteAllBytesAsync(kept, [.. sound[..100], (byte)(sound[100] ^ 1), .. sound[101..]]);

        var worker = Assert.Single(await Train(address, plain.Sha256, workers: 1));
        Assert.Contains($"The images that were kept in {Cache(0)} are damaged and are fetched anew", worker, StringComparison.Ordinal);
        Assert.Contains(Fetches, worker, StringComparison.Ordinal);
        Assert.Equal(sound, await File.ReadAllBytesAsync(kept));
    }

    /// <summary>Trains a run with workers that end with it, and gives what each of them said.</summary>
    private async Task<string[]> Train(string address, string sha256, int workers)
    {
        var nodes = Enumerable.Range(0, workers)
            .Select(worker => Node(
                "--roles", "worker,parameter-server", "--join", address, "--slots", "1", "--data", Nothing, "--cache", Cache(worker)))
            .ToArray();
        try
        {
            var submitted = await DistNetProcess.Run(
                ["submit", "--cluster", address, "--workers", $"{workers}", "--parameter-servers", $"{workers}", "--wait", .. Run], _work.Root);
            Assert.True(submitted.Code == 0, submitted.Error);
            Assert.Equal(sha256, submitted.Sha256);
            foreach (var node in nodes) node.Signal(15);
            return [.. (await Task.WhenAll(nodes.Select(node => node.End()))).Select(outcome => outcome.Error)];
        }
        finally
        {
            foreach (var node in nodes) node.Dispose();
        }
    }

    private DistNetProcess Node(params string[] options) =>
        DistNetProcess.Start(["node", "--port", "0", "--tensor-port", "0", .. options], _work.Root, ("DISTNET_SECRET", Secret));

    // listening HOST:PORT tensors HOST:PORT (roles)
    private static async Task<string> AddressOf(DistNetProcess node) => (await node.LineWith("listening")).Split(' ')[1];
}
