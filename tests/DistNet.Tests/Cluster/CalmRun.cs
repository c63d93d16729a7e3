namespace DistNet.Tests.Cluster;

/// <summary>A run long enough to be harmed in the middle, and what it comes to when nothing happens.</summary>
public sealed class CalmRun : IAsyncLifetime, IDisposable
{
    public const int Epochs = 200;

    internal const int Images = 400;

    private readonly Workspace _work = new(Images);

    public string Sha256 { get; private set; } = "";

    /// <summary>The run's options, in a folder of runs of its own.</summary>
    internal string[] Train(string runs, params string[] engine) => _work.Train(["--runs", runs, .. Options, .. engine]);

    /// <summary>By then a checkpoint is saved, and most of the run is yet to come.</summary>
    internal const string IsUnderWay = "epoch 10/";

    /// <summary>What the run is, as `train` and `submit` take it: four micro-batches a step, so that the sums of several workers are added.</summary>
    internal static string[] Options => ["--hidden", "48", "--batch", "8", "--micro-batch", "2", "--epochs", $"{Epochs}", "--checkpoint-every", "400"];

    internal string Data => _work.Data;

    internal string NewRuns() => Path.Combine(_work.Root, Path.GetRandomFileName());

    public async Task InitializeAsync() => Sha256 = (await Workspace.Run(Train(NewRuns(), "--plain", "--json"))).Sha256;

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => _work.Dispose();
}
