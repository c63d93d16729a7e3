using DistNet.Neural;

namespace DistNet.Protocol.Tests;

public class ParameterShardStateSpecs
{
    private readonly RunPlan _plan = Paper.Plan();
    private readonly ParameterShardState<string> _shard;

    public ParameterShardStateSpecs()
    {
        _shard = new ParameterShardState<string>(_plan);
        _shard.Restore(Paper.Generation(2), 0, default);
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 8, snapshotAt: 4);
    }

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

        StepRecord step = Assert.Single(_shard.Log.Take());
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

    [Theory]
    [InlineData(0, new long[] { 4, 8, 12 })]
    [InlineData(3, new long[] { 3, 6, 9, 12 })]
    [InlineData(5, new long[] { 5, 10, 12 })]
    public void Each_snapshot_is_due_exactly_once_and_never_passed(int checkpointEvery, long[] expected)
    {
        SnapshotPlan snapshots = new(_plan, Paper.Spec, checkpointEvery);
        List<long> taken = [];
        for (long decided = 0; decided < _plan.TotalSteps; decided = taken[^1])
        {
            _shard.Advance(Paper.Generation(2), Paper.Generation(2), snapshots.Until(decided), snapshots.Next(decided));
            TakeIfDue(taken);
            while (_shard.Version < _shard.Until)
            {
                Step();
                TakeIfDue(taken);
                TakeIfDue(taken);
            }
        }

        Assert.Equal(expected, taken);
    }

    [Fact]
    public void A_repeated_order_does_not_make_a_snapshot_due_again()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 1, snapshotAt: 1);
        Step();
        _shard.SnapshotTaken();
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 1, snapshotAt: 1);

        Assert.False(_shard.IsSnapshotDue);
    }

    [Fact]
    public void A_report_is_due_at_a_standstill()
    {
        Step(2);
        _shard.Hold();

        Assert.True(_shard.ShouldReport(TimeSpan.Zero));
    }

    [Fact]
    public void A_report_is_due_at_a_snapshot()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 8, snapshotAt: 3);

        Assert.Equal([3L, 4L, 8L], ReportsUntil(8));
    }

    [Fact]
    public void A_report_is_due_at_the_end_of_an_epoch()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 10, snapshotAt: 10);

        Assert.Equal([4L, 8L, 10L], ReportsUntil(10));
    }

    [Fact]
    public void A_report_is_due_after_a_hundred_milliseconds_without_one()
    {
        Step();
        Assert.False(_shard.ShouldReport(TimeSpan.FromMilliseconds(99)));
        Assert.True(_shard.ShouldReport(TimeSpan.FromMilliseconds(100)));
        Step();
        Assert.False(_shard.ShouldReport(TimeSpan.FromMilliseconds(199)));
        Assert.True(_shard.ShouldReport(TimeSpan.FromMilliseconds(200)));
    }

    [Fact]
    public void A_version_is_reported_once()
    {
        Step(4);

        Assert.True(_shard.ShouldReport(Paper.Seconds(1)));
        Assert.False(_shard.ShouldReport(Paper.Seconds(9)));
    }

    [Fact]
    public void An_epochs_statistics_are_of_all_its_steps_at_its_end_and_begin_anew_with_the_next()
    {
        Step(4);
        Assert.Equal(new LossStatistics(10, 10, 4), _shard.EpochStatistics);
        Step();
        Assert.Equal(Paper.Statistics(5), _shard.EpochStatistics);
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
    public void A_replayed_snapshot_is_due_again()
    {
        Step(4);
        _shard.SnapshotTaken();
        _shard.Restore(Paper.Generation(3), 3, default);
        _shard.Advance(Paper.Generation(3), Paper.Generation(3), until: 8, snapshotAt: 4);
        Step();

        Assert.True(_shard.IsSnapshotDue);
    }

    [Fact]
    public void Nothing_is_gathered_for_a_step_beyond_the_last()
    {
        _shard.Advance(Paper.Generation(2), Paper.Generation(2), until: 12, snapshotAt: 12);
        Step(12);

        Assert.Equal(Offer.NotANode, Push());
        Assert.False(_shard.CanStep);
    }

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

    private Offer Push(int generation = 2, long? version = null, TreeNode? node = null, string worker = "a") =>
        _shard.Offer(Paper.Generation(generation), version ?? _shard.Version, node ?? new TreeNode(0, _plan.MicroBatchCount(_shard.Version)), worker, "sum");

    // The step from version v has loss v + 1.
    private void Step(int count = 1)
    {
        for (int i = 0; i < count; i++)
        {
            Assert.Equal(Offer.Added, Push(generation: _shard.Generation.Number));
            Assert.True(_shard.CanStep);
            _shard.Stepped(Paper.Statistics((int)_shard.Version + 1), () => _shard.Sums.Drain(_ => { }));
        }
    }

    private void TakeIfDue(List<long> taken)
    {
        if (!_shard.IsSnapshotDue)
            return;
        taken.Add(_shard.Version);
        _shard.SnapshotTaken();
    }

    private List<long> ReportsUntil(long version)
    {
        List<long> reports = [];
        while (_shard.Version < version)
        {
            Step();
            if (_shard.ShouldReport(TimeSpan.Zero))
                reports.Add(_shard.Version);
        }
        return reports;
    }
}
