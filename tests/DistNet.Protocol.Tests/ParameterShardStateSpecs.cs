namespace DistNet.Protocol.Tests;

/// <summary>What a parameter shard takes into its step, and which orders it follows.</summary>
public class ParameterShardStateSpecs : ParameterShardKit
{
    [Fact]
    public void A_sum_of_an_older_generation_is_refused_because_its_sender_no_longer_holds_the_lease()
    {
        Assert.Equal(Offer.StaleGeneration, Push(generation: 1));
        Assert.Equal(0, _shard.Sums.Covered);
    }

    [Fact]
    public void A_sum_of_a_newer_generation_counts_because_the_coordinators_word_may_come_later()
    {
        Assert.Equal(Offer.Added, Push(generation: 3));
        Assert.Equal(Paper.Generation(2), _shard.Generation);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public void A_sum_of_another_version_is_refused(long version)
    {
        Step();

        Assert.Equal(Offer.OtherVersion, Push(version: version));
        Assert.Equal(0, _shard.Sums.Covered);
    }

    [Fact]
    public void A_sum_that_arrives_twice_is_added_once()
    {
        Push(node: new TreeNode(0, 4));

        Assert.Equal(Offer.Duplicate, Push(node: new TreeNode(0, 4)));
        Assert.Equal(4, _shard.Sums.Covered);
    }

    [Fact]
    public void Whatever_is_refused_is_counted_and_what_is_added_is_not()
    {
        Push(node: new TreeNode(0, 4));
        Push(node: new TreeNode(0, 4));
        Push(node: new TreeNode(1, 2));
        Push(generation: 1);
        Push(version: 5);

        Assert.Equal(4, _shard.Refused);
    }

    [Fact]
    public void After_a_step_with_sums_of_a_newer_generation_older_ones_are_refused_so_that_the_ledgers_generations_do_not_run_backwards()
    {
        Push(generation: 3);
        _shard.Stepped(default, () => _shard.Sums.Drain(_ => { }));

        Assert.Equal(Offer.StaleGeneration, Push(generation: 2));
        Assert.Equal(Offer.Added, Push(generation: 3));
    }

    [Fact]
    public void A_step_is_recorded_with_its_sums_their_newest_generation_and_what_was_refused_since_the_last()
    {
        _shard.Log.IsKept = true;
        Push(node: new TreeNode(0, 4));
        Push(node: new TreeNode(0, 4));
        Push(generation: 1);
        Push(node: new TreeNode(4, 4), generation: 3, worker: "b");
        _shard.Stepped(default, () => _shard.Sums.Drain(_ => { }));

        StepRecord step = Assert.Single(_shard.Log.Take().Steps);
        Assert.Equal((0, Paper.Generation(3), 1, 1), (step.Version, step.Generation, step.Duplicates, step.Stale));
        Assert.Equal([new SumRecord(new TreeNode(0, 4), 0), new SumRecord(new TreeNode(4, 4), 1)], step.Sums);
    }

    [Fact]
    public void A_complete_step_waits_at_the_version_it_was_told_not_to_pass()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 1, snapshotAt: 1);
        Step();
        Push();

        Assert.True(_shard.Sums.IsComplete);
        Assert.False(_shard.CanStep);
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 4, snapshotAt: 4);
        Assert.True(_shard.CanStep);
    }

    [Fact]
    public void A_shard_that_is_told_to_hold_stays_where_it_is_until_it_is_told_to_go_on()
    {
        Push();
        _shard.Hold();

        Assert.False(_shard.CanStep);
        Assert.Equal(0, _shard.Until);
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 1, snapshotAt: 1);
        Assert.True(_shard.CanStep);
    }

    [Theory]
    [InlineData(1, 12, false)]
    [InlineData(2, 1, false)]
    [InlineData(2, 2, true)]
    [InlineData(3, 12, true)]
    public void An_order_of_an_older_generation_or_back_in_time_is_dropped(int generation, long until, bool isFollowed)
    {
        Step();
        Step();

        Assert.Equal(isFollowed, _shard.Advance(Paper.Generation(generation), Paper.Generation(2), until, snapshotAt: until));
        Assert.Equal(isFollowed ? until : 8, _shard.Until);
    }

    [Fact]
    public void What_was_gathered_stays_over_a_new_generation_because_sums_do_not_depend_on_who_computed_them()
    {
        Push(node: new TreeNode(0, 4), worker: "lost");

        Assert.True(_shard.Open(Paper.Generation(3), Paper.Generation(2)));
        Assert.Equal(Offer.StaleGeneration, Push(generation: 2, node: new TreeNode(4, 4)));
        Assert.Equal(Offer.Added, Push(generation: 3, node: new TreeNode(4, 4)));
        Assert.True(_shard.CanStep);
        Assert.Equal("lost", _shard.Sums.Contributions[0].Worker);
    }

    [Fact]
    public void Only_a_generation_that_is_not_older_opens()
    {
        Assert.False(_shard.Open(Paper.Generation(1), Paper.Generation(2)));
        Assert.True(_shard.Open(Paper.Generation(2), Paper.Generation(2)));
        Assert.True(_shard.Open(Paper.Generation(3), Paper.Generation(2)));
        Assert.False(_shard.Open(Paper.Generation(2), Paper.Generation(2)));
    }

    [Fact]
    public void A_shard_that_missed_a_restore_is_at_another_time_and_joins_no_generation_after_it()
    {
        Assert.False(_shard.Open(Paper.Generation(3), Paper.Generation(3)));
        Assert.Equal(Paper.Generation(2), _shard.Generation);
    }

    [Fact]
    public void A_restored_shard_stands_still_at_the_checkpoints_version_with_nothing_gathered()
    {
        Step(5);
        Push(node: new TreeNode(0, 4));
        _shard.Sums.Drain(_ => { });
        _shard.Restore(Paper.Generation(7), 3, Paper.Statistics(6));

        Assert.Equal((3L, 3L, Paper.Generation(7)), (_shard.Version, _shard.Until, _shard.Generation));
        Assert.Equal(Paper.Statistics(6), _shard.EpochStatistics);
        Assert.False(_shard.IsSnapshotDue);
        Assert.Equal((1, 0), (_shard.Sums.MicroBatchCount, _shard.Sums.Covered));
        Assert.Equal(Offer.StaleGeneration, Push(generation: 2, version: 3, node: new TreeNode(0, 1)));
        Assert.Equal(Offer.Added, Push(generation: 7, version: 3, node: new TreeNode(0, 1)));
    }

    [Fact]
    public void Nothing_is_gathered_for_a_step_beyond_the_last()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 12, snapshotAt: 12);
        Step(12);

        Assert.Equal(Offer.NotANode, Push());
        Assert.False(_shard.CanStep);
    }
}
