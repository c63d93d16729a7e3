namespace DistNet.Protocol.Tests;

public class NodeRosterSpecs
{
    private readonly NodeRoster _roster = new(shardCount: 3, parameterServers: 2);

    [Fact]
    public void Shards_are_placed_when_enough_parameter_servers_are_there()
    {
        Assert.Empty(Ready("w", takesShards: false));
        Assert.Empty(Ready("a"));

        Assert.Equal(["place 0, 1 on a", "place 2 on b"], Ready("b"));
    }

    [Fact]
    public void An_order_to_own_shards_is_repeated_until_all_have_registered()
    {
        Begin();
        Assert.Equal(["place 0, 1 on a"], Ready("a"));
        Assert.True(_roster.ShardRegistered(0, "a"));
        Assert.Equal(["place 0, 1 on a"], Ready("a"));
        Assert.True(_roster.ShardRegistered(1, "a"));

        Assert.Empty(Ready("a"));
    }

    [Fact]
    public void A_lost_nodes_shards_go_to_others_and_it_is_told_to_begin_anew()
    {
        Begin();

        Assert.Equal(["a begins anew after 1", "a left with 0, 1", "place 0, 1, 2 on b"], Lost("a"));
        Assert.Empty(Lost("a"));
        Assert.False(_roster.IsMember("a", "a"));
    }

    [Fact]
    public void A_node_that_has_not_heard_that_it_was_lost_is_told_again_and_not_let_in()
    {
        Begin();
        Lost("a");
        Assert.Equal(["a begins anew after 1"], Ready("a"));
        Assert.Equal(["a begins anew after 1"], Ready("a"));
        Assert.False(_roster.IsMember("a", "a"));

        Assert.Empty(Ready("a", beginning: 2));
        Assert.True(_roster.IsMember("a", "a"));
    }

    [Fact]
    public void A_node_that_began_anew_by_itself_is_taken_in_with_nothing_and_not_told_to_begin_once_more()
    {
        Begin();
        _roster.ShardRegistered(0, "a");
        _roster.ShardRegistered(1, "a");

        Assert.Equal(["a left with 0, 1", "place 0, 1, 2 on b"], Ready("a", beginning: 2));
        Assert.Empty(Ready("a", beginning: 1));
    }

    [Fact]
    public void Another_process_at_the_same_place_takes_over_from_the_one_before()
    {
        Begin();

        Assert.Equal(["b left with 2", "place 0, 1, 2 on a"], _roster.Ready("b'", "b", 1, takesShards: true).Select(Text));
    }

    [Fact]
    public void What_the_process_before_says_late_does_not_evict_the_one_that_took_over()
    {
        Begin();
        _roster.Ready("b'", "b", 1, takesShards: true);

        Assert.Equal(["b begins anew after 1"], Ready("b"));
        Assert.True(_roster.IsMember("b'", "b"));
        Assert.False(_roster.IsMember("b", "b"));
        Assert.Empty(_roster.Ready("b'", "b", 1, takesShards: true));
    }

    [Fact]
    public void A_process_that_comes_back_with_a_newer_beginning_takes_its_place_again()
    {
        Begin();
        _roster.Ready("b'", "b", 1, takesShards: true);
        Ready("b", beginning: 2);

        Assert.True(_roster.IsMember("b", "b"));
        Assert.Equal(["b' begins anew after 1"], _roster.Ready("b'", "b", 1, takesShards: true).Select(Text));
    }

    [Fact]
    public void A_shard_registers_only_from_where_it_was_placed()
    {
        Begin();
        Assert.False(_roster.ShardRegistered(2, "a"));
        Lost("b");
        Assert.False(_roster.ShardRegistered(2, "b"));

        Assert.True(_roster.ShardRegistered(2, "a"));
    }

    [Fact]
    public void Shards_without_a_node_wait_for_the_next_one()
    {
        Begin();
        Lost("a");
        Assert.Equal(["b begins anew after 1", "b left with 0, 1, 2"], Lost("b"));

        Assert.Equal(["place 0, 1, 2 on c"], Ready("c"));
    }

    [Fact]
    public void Shards_are_placed_on_fewer_nodes_when_no_more_are_waited_for()
    {
        Ready("a");

        Assert.Equal(["place 0, 1, 2 on a"], _roster.SettleForFewer().Select(Text));
    }

    [Fact]
    public void Where_nobody_is_there_the_first_that_comes_takes_all_shards()
    {
        Assert.Empty(_roster.SettleForFewer());

        Assert.Equal(["place 0, 1, 2 on a"], Ready("a"));
    }

    private void Begin()
    {
        Ready("a");
        Ready("b");
    }

    private IEnumerable<string> Ready(string node, long beginning = 1, bool takesShards = true) =>
        _roster.Ready(node, node, beginning, takesShards).Select(Text);

    private IEnumerable<string> Lost(string node) => _roster.Lost(node).Select(Text);

    private static string Text(NodeEffect effect) => effect switch
    {
        PlaceShardsOn e => $"place {string.Join(", ", e.Shards)} on {e.Node}",
        NodeLeft e => $"{e.Place} left with {string.Join(", ", e.Shards)}",
        BeginNodeAnew e => $"{e.Node} begins anew after {e.Beginning}",
        _ => throw new InvalidOperationException($"{effect}"),
    };
}
