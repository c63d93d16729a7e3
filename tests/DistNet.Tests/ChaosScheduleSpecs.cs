namespace DistNet.Tests;

public class ChaosScheduleSpecs
{
    private static readonly string[] Nodes = ["coordinator", "parameter-server-0", "worker-0", "worker-1"];

    [Fact]
    public void A_seed_gives_the_same_schedule_whatever_the_order_of_the_nodes() =>
        Assert.Equal(ChaosSchedule.Draw(7, Nodes).Take(100), ChaosSchedule.Draw(7, Nodes.Reverse()).Take(100));

    [Fact]
    public void Another_seed_gives_another_schedule() =>
        Assert.NotEqual(ChaosSchedule.Draw(7, Nodes).Take(10), ChaosSchedule.Draw(8, Nodes).Take(10));

    [Fact]
    public void Each_act_is_over_before_the_next_begins()
    {
        var acts = ChaosSchedule.Draw(3, Nodes).Take(500).ToArray();

        Assert.All(acts.Zip(acts.Skip(1)), pair => Assert.True(pair.First.At + pair.First.Duration < pair.Second.At));
    }

    [Fact]
    public void Every_node_meets_everything_the_coordinator_too()
    {
        var met = ChaosSchedule.Draw(5, Nodes).Take(500).Select(act => (act.Node, act.Kind)).ToHashSet();

        Assert.True(Nodes.SelectMany(node => Enum.GetValues<ChaosKind>().Select(kind => (node, kind))).ToHashSet().SetEquals(met));
    }
}
