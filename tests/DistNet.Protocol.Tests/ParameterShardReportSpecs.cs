using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>When a parameter shard has a snapshot to take and a version to report.</summary>
public class ParameterShardReportSpecs : ParameterShardKit
{
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
    public void A_replayed_snapshot_is_due_again()
    {
        Step(4);
        _shard.SnapshotTaken();
        _shard.Restore(Paper.Generation(3), 3, default);
        _shard.Advance(Paper.Generation(3), Paper.Generation(3), until: 8, snapshotAt: 4);
        Step();

        Assert.True(_shard.IsSnapshotDue);
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
