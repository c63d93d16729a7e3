namespace DistNet.Protocol.Tests;

public class WorkerStateSpecs
{
    private readonly WorkerState _worker = new(totalSteps: 12);

    public WorkerStateSpecs() => _worker.Open(Paper.Generation(2), new Lease(0, 2), shardCount: 3);

    [Fact]
    public void A_step_is_computed_only_when_all_shards_have_published_its_version()
    {
        Publish(shard: 0, version: 5);
        Publish(shard: 2, version: 5);
        Assert.Null(Take());
        Publish(shard: 1, version: 5);

        Assert.Equal(5, Take());
    }

    [Fact]
    public void A_shard_that_is_one_version_ahead_is_waited_for_by_nobody_and_the_older_version_is_computed()
    {
        PublishAll(4);
        Assert.Equal(4, Take());
        Publish(shard: 0, version: 5);
        Publish(shard: 1, version: 5);
        Assert.Null(Take());
        Publish(shard: 2, version: 5);

        Assert.Equal(5, Take());
    }

    [Fact]
    public void A_step_is_never_computed_twice_in_a_generation()
    {
        PublishAll(5);
        Assert.Equal(5, Take());
        PublishAll(5);

        Assert.Null(Take());
    }

    [Fact]
    public void A_late_notice_does_not_take_a_shard_back()
    {
        PublishAll(5);
        Publish(shard: 1, version: 4);

        Assert.Equal(5, Take());
    }

    [Fact]
    public void A_step_is_computed_again_after_a_new_generation_because_its_share_is_another()
    {
        PublishAll(5);
        Take();
        Assert.True(_worker.Open(Paper.Generation(3), new Lease(1, 3), shardCount: 3));
        Assert.Null(Take());
        PublishAll(5, generation: 3);

        Assert.Equal(5, Take());
        Assert.Equal(new Lease(1, 3), _worker.Lease);
    }

    [Fact]
    public void What_was_published_before_a_rollback_is_forgotten()
    {
        PublishAll(9);
        _worker.Open(Paper.Generation(3), new Lease(0, 2), shardCount: 3);
        PublishAll(4, generation: 3);

        Assert.Equal(4, Take());
    }

    [Fact]
    public void A_shards_notice_may_come_before_the_lease_of_its_generation_and_still_counts()
    {
        PublishAll(5, generation: 3);
        Assert.Null(_worker.Lease);
        Assert.Null(Take());
        _worker.Open(Paper.Generation(3), new Lease(1, 2), shardCount: 3);

        Assert.Equal(5, Take());
    }

    [Fact]
    public void A_notice_of_an_older_generation_is_dropped()
    {
        Assert.False(Publish(shard: 0, version: 7, generation: 1));
        PublishAll(5);

        Assert.Equal(5, Take());
    }

    [Fact]
    public void A_lease_of_an_older_generation_is_dropped()
    {
        Assert.False(_worker.Open(Paper.Generation(1), new Lease(0, 1), shardCount: 3));
        Assert.Equal((Paper.Generation(2), new Lease(0, 2)), (_worker.Generation, _worker.Lease));
    }

    [Fact]
    public void A_lease_that_arrives_twice_changes_nothing()
    {
        PublishAll(5);
        Take();
        Assert.True(_worker.Open(Paper.Generation(2), new Lease(0, 2), shardCount: 3));

        Assert.Null(Take());
    }

    [Fact]
    public void Nothing_is_computed_from_the_final_version()
    {
        PublishAll(11);
        Assert.Equal(11, Take());
        PublishAll(12);

        Assert.Null(Take());
    }

    [Fact]
    public void Nothing_is_computed_before_the_first_lease()
    {
        WorkerState worker = new(totalSteps: 12);

        Assert.False(worker.TryTakeStep(out _));
    }

    [Fact]
    public void A_worker_that_has_computed_its_share_helps_with_each_missing_node_once()
    {
        PublishAll(5);
        Take();
        Assert.True(Ask(5, new TreeNode(4, 2), new TreeNode(6, 2)));
        Ask(5, new TreeNode(4, 2), new TreeNode(6, 2));

        Assert.Equal([new TreeNode(4, 2), new TreeNode(6, 2)], Help());
        Assert.False(Ask(5, new TreeNode(6, 2)) && Help().Count > 0);
    }

    [Fact]
    public void Workers_begin_with_different_nodes_so_that_they_divide_the_work()
    {
        _worker.Open(Paper.Generation(3), new Lease(1, 3), shardCount: 3);
        PublishAll(5, generation: 3);
        Take();
        _worker.AskedForHelp(Paper.Generation(3), 5, [new TreeNode(4, 1), new TreeNode(5, 1), new TreeNode(6, 2)]);

        Assert.Equal([new TreeNode(5, 1), new TreeNode(6, 2), new TreeNode(4, 1)], Help());
    }

    [Fact]
    public void A_node_within_one_that_was_helped_with_is_not_computed_again()
    {
        PublishAll(5);
        Take();
        Ask(5, new TreeNode(4, 4));
        Ask(5, new TreeNode(6, 2), new TreeNode(0, 4));

        Assert.Equal([new TreeNode(4, 4), new TreeNode(0, 4)], Help());
    }

    [Fact]
    public void A_worker_that_is_at_another_step_has_work_of_its_own()
    {
        PublishAll(5);
        Assert.False(Ask(5, new TreeNode(4, 4)));
        Take();

        Assert.False(Ask(4, new TreeNode(4, 4)));
        Assert.False(Ask(6, new TreeNode(4, 4)));
        Assert.False(_worker.AskedForHelp(Paper.Generation(1), 5, [new TreeNode(4, 4)]));
        Assert.Empty(Help());
    }

    [Theory]
    [InlineData("a step of its own")]
    [InlineData("a new generation")]
    [InlineData("the loss of its lease")]
    public void Help_ends_with(string news)
    {
        PublishAll(5);
        Take();
        Ask(5, new TreeNode(4, 2), new TreeNode(6, 2));
        Assert.True(_worker.TryTakeHelp(out long version, out TreeNode node));
        Assert.Equal((5, new TreeNode(4, 2)), (version, node));
        if (news == "a new generation")
            Publish(shard: 0, version: 6, generation: 3);
        else if (news == "the loss of its lease")
            _worker.Revoke();
        else
            PublishAll(6);
        Take();

        Assert.Empty(Help());
    }

    [Fact]
    public void A_step_can_be_helped_again_under_a_new_generation()
    {
        PublishAll(5);
        Take();
        Ask(5, new TreeNode(4, 4));
        Help();
        _worker.Open(Paper.Generation(3), new Lease(0, 2), shardCount: 3);
        PublishAll(5, generation: 3);
        Take();
        _worker.AskedForHelp(Paper.Generation(3), 5, [new TreeNode(4, 4)]);

        Assert.Equal([new TreeNode(4, 4)], Help());
    }

    private bool Ask(long version, params TreeNode[] nodes) => _worker.AskedForHelp(Paper.Generation(2), version, nodes);

    private List<TreeNode> Help()
    {
        List<TreeNode> nodes = [];
        while (_worker.TryTakeHelp(out _, out TreeNode node))
            nodes.Add(node);
        return nodes;
    }

    private bool Publish(int shard, long version, int generation = 2) => _worker.Published(Paper.Generation(generation), shard, version);

    private void PublishAll(long version, int generation = 2)
    {
        for (int shard = 0; shard < 3; shard++)
            Publish(shard, version, generation);
    }

    private long? Take() => _worker.TryTakeStep(out long version) ? version : null;
}
