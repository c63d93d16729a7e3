namespace DistNet.Protocol.Tests;

/// <summary>Whom a parameter shard waits for, and when it asks others to help.</summary>
public class ParameterShardStragglerSpecs : ParameterShardKit
{
    [Fact]
    public void A_step_that_waits_long_for_some_of_its_sums_has_them_named_in_nodes_no_larger_than_a_share()
    {
        Push(node: new TreeNode(0, 2));
        Assert.Empty(_shard.LookForStragglers(workers: 4, Paper.Seconds(0)));
        Assert.Equal([new TreeNode(2, 2), new TreeNode(4, 2), new TreeNode(6, 2)], _shard.LookForStragglers(workers: 4, Paper.Seconds(1)));
        Push(node: new TreeNode(4, 4));

        Assert.Equal([new TreeNode(2, 2)], _shard.LookForStragglers(workers: 4, Paper.Seconds(2)));
    }

    [Fact]
    public void A_step_without_a_sum_one_that_is_complete_and_one_that_must_not_be_made_wait_for_nobody()
    {
        Assert.Empty(LookTwice(0));
        _shard.Hold();
        Push(node: new TreeNode(0, 2));
        Assert.Empty(LookTwice(10));
        Push(node: new TreeNode(0, 8));
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 8, snapshotAt: 4);

        Assert.Empty(LookTwice(20));
    }

    [Fact]
    public void A_step_of_a_single_micro_batch_is_helped_though_no_sum_can_come_before()
    {
        Step(3);

        Assert.Equal([new TreeNode(0, 1)], LookTwice(0));
    }

    [Fact]
    public void The_only_worker_is_asked_for_no_help()
    {
        Push(node: new TreeNode(0, 2));
        _shard.LookForStragglers(workers: 1, Paper.Seconds(0));

        Assert.Empty(_shard.LookForStragglers(workers: 1, Paper.Seconds(1)));
    }

    [Fact]
    public void A_new_generation_has_given_the_missing_sums_to_others_who_are_given_time()
    {
        Push(node: new TreeNode(0, 2));
        _shard.LookForStragglers(workers: 2, Paper.Seconds(0));
        _shard.Open(Paper.Generation(3), Paper.Generation(2));

        Assert.Empty(_shard.LookForStragglers(workers: 2, Paper.Seconds(1)));
        Assert.NotEmpty(_shard.LookForStragglers(workers: 2, Paper.Seconds(2)));
    }

    [Fact]
    public void A_restore_forgets_how_long_the_step_before_it_waited()
    {
        Push(node: new TreeNode(0, 2));
        _shard.LookForStragglers(workers: 2, Paper.Seconds(0));
        _shard.Sums.Drain(_ => { });
        _shard.Restore(Paper.Generation(3), 0, default);
        _shard.Advance(Paper.Generation(3), Paper.Generation(3), until: 8, snapshotAt: 4);
        Push(node: new TreeNode(0, 2), generation: 3);

        Assert.Empty(_shard.LookForStragglers(workers: 2, Paper.Seconds(1)));
    }

    private IReadOnlyList<TreeNode> LookTwice(double seconds)
    {
        _shard.LookForStragglers(workers: 4, Paper.Seconds(seconds));
        return _shard.LookForStragglers(workers: 4, Paper.Seconds(seconds + 1));
    }
}
