namespace DistNet.Actors.Tests.Nodes;

/// <summary>A coordinator that is named first founds a cluster where nobody else is there; where there is another one after all, it is not to stay alone.</summary>
public sealed class FounderSpecs : IAsyncDisposable
{
    private readonly List<ClusterNode> _nodes = [];
    private readonly int[] _ports = [FreePort.Take(), FreePort.Take()];

    [Fact]
    public async Task A_founder_ends_when_the_node_that_it_was_to_join_is_in_another_cluster()
    {
        ClusterNode founder = Start(_ports[0], Both);
        await AreUp(founder, 1);
        Start(_ports[1], []);
        await founder.Ended.WaitAsync(Runs.Patience);

        Assert.Equal(NodeEnd.AnotherCluster, founder.End);
    }

    [Fact]
    public async Task A_founder_stays_when_the_node_that_it_was_to_join_comes_later()
    {
        ClusterNode founder = Start(_ports[0], Both);
        await AreUp(founder, 1);
        ClusterNode standby = Start(_ports[1], Both);
        await AreUp(standby, 2);

        Assert.False(founder.Ended.IsCompleted);
        Assert.Equal(founder.Address, (await TestCluster.Eventually(standby, _ => true)).Leader);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (ClusterNode node in _nodes)
            await node.AbandonAsync();
    }

    private string[] Both => [.. _ports.Select(port => $"127.0.0.1:{port}")];

    private ClusterNode Start(int port, string[] join)
    {
        ClusterNode node = TestCluster.StartIdleCoordinator(options => options with { Port = port, Join = join });
        _nodes.Add(node);
        return node;
    }

    private static Task AreUp(ClusterNode node, int members) => TestCluster.Until(() => TestCluster.MembersUp(node) == members);
}
