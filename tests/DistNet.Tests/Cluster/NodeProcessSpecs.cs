namespace DistNet.Tests.Cluster;

/// <summary>A node in a process of its own, as its parent has it.</summary>
[Collection(Processes.Name)]
public sealed class NodeProcessSpecs : IDisposable
{
    private readonly string _logs = Directory.CreateTempSubdirectory("distnet-").FullName;

    public void Dispose() => Directory.Delete(_logs, recursive: true);

    [Fact]
    public async Task A_process_that_ends_before_it_listens_says_with_what_code()
    {
        using var node = NodeProcess.Start("worker-0", ["--roles", "nobody"], "secret", new NodeLog(_logs));
        var failure = await Assert.ThrowsAsync<IOException>(() => node.Address.WaitAsync(TimeSpan.FromSeconds(30)));

        Assert.StartsWith("node worker-0 ended with code 2 before it listened", failure.Message, StringComparison.Ordinal);
    }
}
