using DistNet.Neural;

namespace DistNet.Tests;

/// <summary>A model of MNIST, trained once for all tests that need one.</summary>
#pragma warning disable CA1001 // xUnit has it dispose by DisposeAsync.
public sealed class MnistModel : IAsyncLifetime
#pragma warning restore CA1001
{
    private readonly Workspace _work = new();

    public string Mnist { get; } = DataFolders.Find(null);

    public string Runs => _work.Runs;

    public string File => Path.Combine(Directory.GetDirectories(Runs).Single(), "model.safetensors");

    public async Task InitializeAsync()
    {
        var outcome = await Workspace.Run("train", "--plain", "--epochs", "3", "--validation", "0.1", "--data", Mnist, "--runs", Runs);
        Assert.True(outcome.Code == 0, outcome.Error);
    }

    public Model Read() => ModelFile.Read(File);

    public Task DisposeAsync()
    {
        _work.Dispose();
        return Task.CompletedTask;
    }
}

[CollectionDefinition(Name)]
public sealed class MnistModelGroup : ICollectionFixture<MnistModel>
{
    public const string Name = "a model of MNIST";
}
