namespace DistNet.Protocol.Tests;

/// <summary>A run that makes no headway, for all that is tried, ends; one that makes some does not.</summary>
public class RunStateStandstillSpecs
{
    [Fact]
    public void A_run_that_makes_no_step_whatever_is_tried_fails_and_names_step_shard_micro_batch_and_worker()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        IReadOnlyList<RunEffect> effects = [];
        for (int tried = 0; tried < 60 && !effects.OfType<FailRun>().Any(); tried++)
        {
            effects = run.TickAfter(11);
            run.Missing(0, version: 0, microBatch: 5);
            run.Missing(1, version: 0, microBatch: 5);
            run.Join("b");
        }

        Assert.Equal(
            "No step was made for 10 minutes, though work was leased and begun anew: at step 1 parameter shard 0 waits for micro-batch 5 of b.", effects.Only<FailRun>().Reason);
        Assert.InRange(run.Now, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void Steps_that_come_seldom_are_no_standstill()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        for (int version = 1; version <= 4; version++)
        {
            run.ReachBoth(version);
            Assert.Empty(run.TickAfter(9 * 60).OfType<FailRun>());
        }
    }

    [Fact]
    public void A_run_that_replays_the_same_step_for_ever_fails_though_each_replay_makes_a_step()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.ReachBoth(2);
        for (int round = 1; round <= 2; round++)
        {
            RollBack(run);
            Assert.Empty(run.TickAfter(6 * 60).OfType<FailRun>());
            run.ReachBoth(1);
        }
        RollBack(run);

        Assert.Equal(
            "No step beyond step 2 was made for 10 minutes, and the run went back to its checkpoint 3 times: no parameter shard has said what it waits for.",
            run.TickAfter(1).Only<FailRun>().Reason);
    }

    [Fact]
    public void A_replay_may_take_longer_than_the_deadline()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.ReachBoth(4);
        for (int replay = 0; replay < 2; replay++)
        {
            RollBack(run);
            for (int version = 1; version <= 3; version++)
            {
                Assert.Empty(run.TickAfter(9 * 60).OfType<FailRun>());
                run.ReachBoth(version);
            }
        }
    }

    [Fact]
    public void Roll_backs_are_counted_anew_when_a_step_beyond_all_others_was_made()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        for (int version = 1; version <= 4; version++)
        {
            run.TickAfter(6 * 60);
            run.ReachBoth(version);
            Assert.Empty(run.TickAfter(6 * 60).OfType<FailRun>());
            RollBack(run);
        }
        run.ReachBoth(1);

        Assert.Empty(run.TickAfter(9 * 60).OfType<FailRun>());
    }

    [Fact]
    public void Roll_backs_are_counted_anew_when_a_checkpoint_was_saved()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.ReachBoth(6);
        RollBack(run);
        run.ReachBoth(1);
        RollBack(run);
        run.TickAfter(9 * 60);
        run.Snapshot(4);
        run.Saved(4);
        run.ReachBoth(5);
        RollBack(run, 4);

        Assert.Empty(run.TickAfter(9 * 60).OfType<FailRun>());
    }

    [Fact]
    public void Shards_that_come_back_one_by_one_are_one_roll_back()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.ReachBoth(4);
        for (int shard = 0; shard < 4; shard++)
            RollBack(run);
        run.TickAfter(9 * 60);
        run.ReachBoth(1);

        Assert.Empty(run.TickAfter(9 * 60).OfType<FailRun>());
    }

    // A shard restarts, and the checkpoint is loaded.
    private static void RollBack(RunOnPaper run, long version = 0)
    {
        run.JoinShard(0);
        run.RestoredAt = run.Generation;
        run.Load(version);
    }
}
