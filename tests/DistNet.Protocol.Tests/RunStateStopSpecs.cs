using DistNet.Neural;

namespace DistNet.Protocol.Tests;

public class RunStateStopSpecs
{
    private readonly RunOnPaper _run = new();

    [Fact]
    public void Before_anybody_came_the_run_ends_with_what_it_would_have_begun_with()
    {
        Assert.Equal("LoadCheckpoint", _run.Stop().Names());
        Assert.Equal(new SaveCheckpoint(Paper.Generation(1), 0), Assert.Single(_run.Load()));

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(0)));
    }

    [Fact]
    public void During_the_first_load_the_run_ends_with_it()
    {
        _run.Gather();
        Assert.Empty(_run.Stop());
        Assert.Equal("SaveCheckpoint", _run.Load().Names());

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(0)));
    }

    [Fact]
    public void Before_the_first_step_the_run_ends_there_and_what_it_began_with_is_saved()
    {
        _run.Begin();
        _run.Stop();
        _run.Held(0, 0);
        Assert.Equal(new SaveCheckpoint(Paper.Generation(1), 0), Assert.Single(_run.Held(1, 0)));

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(0)));
    }

    [Fact]
    public void Members_that_come_and_go_while_the_run_saves_its_end_change_nothing()
    {
        _run.Stop();
        _run.Load();
        Assert.Empty(_run.Gather());
        Assert.Empty(_run.Lose("a"));
        Assert.Empty(_run.JoinShard(1));
        Assert.Empty(_run.TickAfter(500));

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(0)));
    }

    [Fact]
    public void A_run_that_cannot_save_its_end_fails_also_where_it_had_not_begun()
    {
        _run.Stop();
        _run.Load();

        Assert.Equal(
            "The run was told to stop, and the checkpoint after step 0 was not written to the ledger and saved within 10 minutes.",
            _run.TickAfter(601).Only<FailRun>().Reason);
    }

    [Fact]
    public void A_run_that_loses_a_shards_node_or_its_last_worker_after_it_was_told_to_stop_ends_at_its_checkpoint()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.ReachBoth(2);
        run.Stop();
        Assert.Equal("LoadCheckpoint", run.State.ShardUnplaced(1, run.Now).Names());
        Assert.Equal("LoadCheckpoint", run.State.ShardUnplaced(0, run.Now).Names());
        Assert.Equal("UndoSteps, SaveCheckpoint", run.Load().Names());

        run = new RunOnPaper();
        run.Begin();
        run.Stop();
        run.Lose("a");
        Assert.Equal("LoadCheckpoint", run.Lose("b").Names());
        Assert.Equal("UndoSteps, SaveCheckpoint", run.Load().Names());
    }

    [Fact]
    public void During_a_restore_the_run_ends_at_the_checkpoint_restored()
    {
        _run.Begin();
        _run.Snapshot(4);
        _run.Saved(4);
        _run.JoinShard(0);
        Assert.Empty(_run.Stop());

        IReadOnlyList<RunEffect> end = _run.Load(version: 4, epochs: 1);
        Assert.Equal([new UndoSteps(_run.Generation), new FinishRun(TrainingEnd.Interrupted)], end); // the ledger has steps after the checkpoint
    }

    [Fact]
    public void A_restore_to_the_last_version_is_a_completed_run_even_if_it_was_asked_to_stop()
    {
        _run.Gather();
        _run.Stop();

        Assert.Equal(new FinishRun(TrainingEnd.Completed), Assert.Single(_run.Load(version: 12, epochs: 3)));
    }

    [Fact]
    public void While_stepping_the_shards_hold_and_the_one_behind_makes_the_step_the_other_has_made()
    {
        _run.Begin();
        Assert.Equal(new HoldShards(Paper.Generation(1)), Assert.Single(_run.Stop()));
        Assert.Empty(_run.Held(0, 3));
        Assert.Equal(new AdvanceShards(Paper.Generation(1), Paper.Generation(1), Until: 3, SnapshotAt: 3), Assert.Single(_run.Held(1, 2)));
        Assert.Equal("ShowProgress, SaveCheckpoint", _run.Snapshot(3).Names());

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(3)));
    }

    [Fact]
    public void A_stop_at_an_epochs_end_still_evaluates_and_reports_it()
    {
        RunOnPaper run = new(Paper.Spec with { ValidationFraction = 0.1 }, checkpointEvery: 3);
        run.Begin();
        run.Snapshot(3);
        run.Saved(3);
        run.Stop();
        run.Held(0, 4);
        run.Held(1, 3);
        Assert.Equal("ShowProgress, EvaluateSnapshot", run.Snapshot(4).Names());
        Assert.Equal("ShowEpoch, SaveCheckpoint", run.Evaluated(4, 2).Names());

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(run.Saved(4)));
    }

    [Fact]
    public void At_the_version_just_saved_the_run_ends_without_saving_it_twice()
    {
        _run.Begin();
        _run.Snapshot(4);
        _run.Saved(4);
        _run.Stop();
        _run.Held(0, 4);

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Held(1, 4)));
    }

    [Fact]
    public void While_a_snapshot_is_saved_the_run_waits_for_it_and_then_saves_where_the_shards_hold()
    {
        _run.Begin();
        _run.Snapshot(4);
        _run.Stop();
        Assert.Empty(_run.Held(0, 6));
        Assert.Empty(_run.Held(1, 5));
        Assert.Equal(new AdvanceShards(Paper.Generation(1), Paper.Generation(1), Until: 6, SnapshotAt: 6), Assert.Single(_run.Saved(4)));
        _run.Snapshot(6);

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(6)));
    }

    [Fact]
    public void While_a_snapshot_is_evaluated_the_run_waits_for_its_report_and_ends_there_if_the_shards_do()
    {
        RunOnPaper run = new(Paper.Spec with { ValidationFraction = 0.1, EarlyStoppingPatience = 3 });
        run.Begin();
        run.Snapshot(4);
        run.Stop();
        run.Held(0, 4);
        Assert.Empty(run.Held(1, 4));
        Assert.Equal("ShowEpoch, SaveCheckpoint", run.Evaluated(4, loss: 3).Names());

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(run.Saved(4)));
    }

    [Fact]
    public void Shards_that_answer_after_the_save_decide_then()
    {
        _run.Begin();
        _run.Snapshot(4);
        _run.ReachBoth(5);
        _run.Stop();
        Assert.Empty(_run.Saved(4));
        _run.Held(0, 5);

        Assert.Equal(5, _run.Held(1, 5).Only<AdvanceShards>().Until);
    }

    [Fact]
    public void At_the_last_version_the_run_is_complete()
    {
        _run.Begin();
        foreach (long version in (long[])[4, 8])
        {
            _run.Snapshot(version);
            _run.Saved(version);
        }
        _run.Stop();
        _run.Held(0, 12);
        _run.Held(1, 11);
        _run.Snapshot(12);

        Assert.Equal(new FinishRun(TrainingEnd.Completed), Assert.Single(_run.Saved(12)));
    }

    [Fact]
    public void Asking_twice_is_asking_once()
    {
        _run.Begin();
        _run.Stop();

        Assert.Empty(_run.Stop());
    }

    [Fact]
    public void A_worker_lost_while_the_shards_hold_does_not_keep_the_run_from_its_end()
    {
        _run.Begin();
        _run.Stop();
        _run.Held(0, 3);
        Assert.Equal("OpenGeneration", _run.Lose("a").Names());
        Assert.Equal(new AdvanceShards(Paper.Generation(2), Paper.Generation(1), Until: 3, SnapshotAt: 3), Assert.Single(_run.Held(1, 2, Paper.Generation(1))));
        _run.Snapshot(3);

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(3)));
    }

    [Fact]
    public void A_shard_that_restarts_while_the_others_hold_ends_the_run_at_the_checkpoint()
    {
        _run.Begin();
        _run.Stop();
        _run.Held(0, 3);
        Assert.Equal("LoadCheckpoint", _run.JoinShard(1).Names());
        _run.RestoredAt = _run.Generation;
        Assert.Equal("UndoSteps, SaveCheckpoint", _run.Load().Names());

        Assert.Equal(new FinishRun(TrainingEnd.Interrupted), Assert.Single(_run.Saved(0)));
    }
}
