namespace DistNet.Protocol.Tests;

/// <summary>A run that makes no headway, for all that is tried, ends; one that makes some does not.</summary>
public class RunStateStandstillSpecs
{
    private readonly RunOnPaper _run = new(membersReturn: true);

    public RunStateStandstillSpecs() => _run.Begin();

    [Fact]
    public void A_run_that_makes_no_step_whatever_is_tried_fails_and_names_step_shard_micro_batch_and_worker()
    {
        Assert.Equal(
            "No step was made for 10 minutes, though work was leased and begun anew: at step 1 parameter shard 0 waits for micro-batch 5 of b.",
            EndOf(() =>
            {
                _run.Missing(0, version: 0, microBatch: 5);
                _run.Missing(1, version: 0, microBatch: 5);
                _run.Join("b");
            }));
        Assert.InRange(_run.Now, TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(11));
    }

    [Fact]
    public void A_run_whose_shards_do_not_answer_fails_and_names_them()
    {
        Assert.Equal(
            "No step was made for 10 minutes, though work was leased and begun anew: "
            + "at step 1 parameter shard 1 at shard-1 did not say which micro-batch it waits for.",
            EndOf(() => _run.Missing(0, version: 0, microBatch: 5)));
    }

    [Fact]
    public void A_run_whose_shards_wait_for_no_micro_batch_fails_and_says_so()
    {
        Assert.Equal(
            "No step was made for 10 minutes, though work was leased and begun anew: "
            + "at step 1 no parameter shard waits for a micro-batch, so that an order was lost.",
            EndOf(() =>
            {
                _run.Missing(0, version: 0, microBatch: -1);
                _run.Missing(1, version: 0, microBatch: -1);
            }));
    }

    [Fact]
    public void A_run_whose_shard_hands_over_no_snapshot_fails_and_names_it()
    {
        Snapshot();
        string end = EndOf(() =>
        {
            _run.Load();
            Snapshot();
        });

        Assert.Matches(
            "^No step beyond step 8 was made for 10 minutes, and the run went back to its checkpoint [0-9]+ times: "
            + "of the checkpoint after step 4 the part of parameter shard 1 at shard-1 has not come.$",
            end);

        void Snapshot()
        {
            _run.ReachBoth(4);
            _run.Piece(0, 4);
            _run.ReachBoth(8);
        }
    }

    [Fact]
    public void Pieces_of_a_snapshot_that_come_slowly_are_waited_for()
    {
        _run.ReachBoth(4);
        _run.ReachBoth(8);
        Assert.Empty(_run.TickAfter(8));
        _run.Piece(0, 4);
        Assert.Empty(_run.TickAfter(8));
        Assert.Equal("SaveCheckpoint", _run.Piece(1, 4).Names());
    }

    [Fact]
    public void A_checkpoint_that_is_never_saved_ends_the_run()
    {
        _run.Snapshot(4);
        _run.ReachBoth(8);

        Assert.Equal(
            "No step was made for 10 minutes: the checkpoint after step 4 was not evaluated, written to the ledger and saved meanwhile.",
            _run.TickAfter(601).Only<FailRun>().Reason);
    }

    [Fact]
    public void A_coordinator_that_was_paused_blames_nobody()
    {
        _run.TickAfter(1);

        Assert.Empty(_run.TickAfter(2 * 60 * 60));
        Assert.Equal(new AskForMissing(_run.Generation), Assert.Single(_run.TickAfter(11)));
    }

    [Fact]
    public void Steps_that_come_seldom_are_no_standstill()
    {
        for (int version = 1; version <= 4; version++)
        {
            _run.ReachBoth(version);
            Assert.Empty(_run.TickAfter(9 * 60).OfType<FailRun>());
        }
    }

    [Fact]
    public void A_run_that_replays_the_same_step_for_ever_fails_though_each_replay_makes_a_step()
    {
        _run.ReachBoth(2);
        for (int round = 1; round <= 2; round++)
        {
            RollBack();
            Assert.Empty(_run.TickAfter(6 * 60).OfType<FailRun>());
            _run.ReachBoth(1);
        }
        RollBack();

        Assert.Equal(
            "No step beyond step 2 was made for 10 minutes, and the run went back to its checkpoint 3 times: no parameter shard has said what it waits for.",
            _run.TickAfter(1).Only<FailRun>().Reason);
    }

    [Fact]
    public void A_replay_may_take_longer_than_the_deadline()
    {
        _run.ReachBoth(4);
        for (int replay = 0; replay < 2; replay++)
        {
            RollBack();
            for (int version = 1; version <= 3; version++)
            {
                Assert.Empty(_run.TickAfter(9 * 60).OfType<FailRun>());
                _run.ReachBoth(version);
            }
        }
    }

    [Fact]
    public void Roll_backs_are_counted_anew_when_a_step_beyond_all_others_was_made()
    {
        for (int version = 1; version <= 4; version++)
        {
            _run.TickAfter(6 * 60);
            _run.ReachBoth(version);
            Assert.Empty(_run.TickAfter(6 * 60).OfType<FailRun>());
            RollBack();
        }
        _run.ReachBoth(1);

        Assert.Empty(_run.TickAfter(9 * 60).OfType<FailRun>());
    }

    [Fact]
    public void Roll_backs_are_counted_anew_when_a_checkpoint_was_saved()
    {
        _run.ReachBoth(6);
        RollBack();
        _run.ReachBoth(1);
        RollBack();
        _run.TickAfter(9 * 60);
        _run.Snapshot(4);
        _run.Saved(4);
        _run.ReachBoth(5);
        RollBack(4);

        Assert.Empty(_run.TickAfter(9 * 60).OfType<FailRun>());
    }

    [Fact]
    public void Shards_that_come_back_one_by_one_are_one_roll_back()
    {
        _run.ReachBoth(4);
        for (int shard = 0; shard < 4; shard++)
            RollBack();
        _run.TickAfter(9 * 60);
        _run.ReachBoth(1);

        Assert.Empty(_run.TickAfter(9 * 60).OfType<FailRun>());
    }

    // Why the run fails, where this is all that happens each time that a step is overdue.
    private string EndOf(Action overdue)
    {
        IReadOnlyList<RunEffect> effects = [];
        for (int tried = 0; tried < 60 && !effects.OfType<FailRun>().Any(); tried++)
        {
            effects = _run.TickAfter(11);
            overdue();
        }
        return effects.Only<FailRun>().Reason;
    }

    // A shard restarts, and the checkpoint is loaded.
    private void RollBack(long version = 0)
    {
        _run.JoinShard(0);
        _run.RestoredAt = _run.Generation;
        _run.Load(version);
    }
}
