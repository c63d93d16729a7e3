using DistNet.Neural;
using FsCheck.Xunit;

namespace DistNet.Protocol.Tests;

public class SnapshotPlanSpecs
{
    [Property]
    public bool The_next_snapshot_is_the_first_version_after_this_one_that_is_to_be_kept(byte examples, byte epochs, byte every, bool validates, bool mayStopEarly, ushort at)
    {
        Case its = new(examples, epochs, every, validates, mayStopEarly);
        long version = at % its.Plan.TotalSteps;

        return its.Snapshots.Next(version) == its.Kept.First(v => v > version);
    }

    [Property]
    public bool Shards_step_one_snapshot_ahead_except_where_the_run_may_end_early(byte examples, byte epochs, byte every, bool validates, bool mayStopEarly, ushort at)
    {
        Case its = new(examples, epochs, every, validates, mayStopEarly);
        long version = at % its.Plan.TotalSteps;
        long[] ahead = [.. its.Kept.Where(v => v > version)];
        bool waits = mayStopEarly && its.Plan.IsEpochEnd(ahead[0]);

        return its.Snapshots.Until(version) == (waits || ahead.Length == 1 ? ahead[0] : ahead[1]);
    }

    [Fact]
    public void After_the_last_version_there_is_nowhere_to_go()
    {
        SnapshotPlan snapshots = new(Paper.Plan(), Paper.Spec, checkpointEvery: 0);

        Assert.Equal((12, 12), (snapshots.Next(12), snapshots.Until(12)));
    }

    [Fact]
    public void A_negative_interval_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SnapshotPlan(Paper.Plan(), Paper.Spec, checkpointEvery: -1));

    // The definition, by trying every version.
    private sealed class Case
    {
        public Case(byte examples, byte epochs, byte every, bool validates, bool mayStopEarly)
        {
            TrainingSpec spec = Paper.Spec with
            {
                Epochs = epochs % 6 + 1,
                ValidationFraction = validates ? 0.1 : 0,
                EarlyStoppingPatience = mayStopEarly ? 1 : null,
            };
            Plan = new RunPlan(spec, examples + 1);
            int checkpointEvery = every % 12;
            Snapshots = new SnapshotPlan(Plan, spec, checkpointEvery);
            Kept = [.. Enumerable.Range(1, (int)Plan.TotalSteps).Select(v => (long)v).Where(v => v == Plan.TotalSteps
                || Plan.IsCheckpointDue(v, checkpointEvery)
                || ((validates || mayStopEarly) && Plan.IsEpochEnd(v)))];
        }

        public RunPlan Plan { get; }

        public SnapshotPlan Snapshots { get; }

        public IReadOnlyList<long> Kept { get; }
    }
}
