using Akka.Actor;
using Akka.Remote;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A node that was removed from its cluster while it could not hear of it, because it was paused,
/// learns it from those that take nothing more from it.</summary>
public class RemovedNodeSpecs
{
    [Fact]
    public async Task A_node_that_a_member_takes_nothing_from_any_more_ends_and_one_that_a_stranger_refuses_does_not()
    {
        await using TestCluster cluster = new(Runs.Job());
        (ClusterNode removed, ClusterNode other) = (cluster.Add(), cluster.Add());
        await cluster.AllAreUp();
        Refuse(other, "akka.tcp://distnet@127.0.0.1:1");
        Refuse(removed, $"akka.tcp://distnet@{cluster.Coordinator.Address}");

        await removed.Ended.WaitAsync(Runs.Patience);
        Assert.True(other.IsUp);
        Assert.False(other.Ended.IsCompleted);
    }

    private static void Refuse(ClusterNode node, string by) =>
        node.System.EventStream.Publish(new ThisActorSystemQuarantinedEvent(Address.Parse($"akka.tcp://distnet@{node.Address}"), Address.Parse(by)));
}
