using DistNet.Neural;

namespace DistNet.Protocol.Tests;

public class RunStateEpochSpecs
{
    private readonly TrainingSpec _validated = Paper.Spec with { ValidationFraction = 0.1 };

    [Fact]
    public void Shards_are_always_told_one_snapshot_ahead_so_that_they_need_not_wait()
    {
        RunOnPaper run = new(checkpointEvery: 3);
        Assert.Equal((6, 3), Order(run.Begin()));
        run.Snapshot(3);
        Assert.Equal((9, 6), Order(run.Saved(3)));
        run.ReachBoth(4);
        run.Snapshot(6);
        Assert.Equal((12, 9), Order(run.Saved(6)));
        run.ReachBoth(8);
        run.Snapshot(9);
        Assert.Equal((12, 12), Order(run.Saved(9)));
    }

    [Fact]
    public void A_snapshot_is_saved_when_every_shards_piece_is_there()
    {
        RunOnPaper run = new();
        run.Begin();
        run.ReachBoth(4);
        Assert.Empty(run.Piece(1, 4));
        Assert.Empty(run.Piece(1, 4));

        Assert.Equal(new SaveCheckpoint(Paper.Generation(1), 4), Assert.Single(run.Piece(0, 4)));
    }

    [Fact]
    public void A_piece_of_another_version_is_dropped()
    {
        RunOnPaper run = new();
        run.Begin();
        run.Piece(0, 3);
        run.Piece(1, 3);

        Assert.Empty(run.Piece(0, 4));
    }

    [Fact]
    public void An_epoch_without_validation_is_reported_when_its_last_step_is_made()
    {
        RunOnPaper run = new();
        run.Begin();
        IReadOnlyList<RunEffect> effects = run.Reach(0, 4);

        Assert.Equal("ShowProgress, ShowEpoch", effects.Names());
        Assert.Equal(RunOnPaper.Report(1), effects.Only<ShowEpoch>().Report);
        Assert.Equal(new TrainingProgress(4, 1, Paper.Statistics(4)), effects.Only<ShowProgress>().Progress);
    }

    [Fact]
    public void Only_one_shard_speaks_for_the_loss_because_all_see_the_same()
    {
        RunOnPaper run = new();
        run.Begin();

        Assert.Empty(run.Reach(1, 4));
        Assert.Empty(run.State.History);
    }

    [Fact]
    public void An_epoch_with_validation_is_evaluated_then_reported_then_saved_then_left_behind()
    {
        RunOnPaper run = new(_validated);
        run.Begin();
        Assert.Equal("ShowProgress, EvaluateSnapshot", run.Snapshot(4).Names());
        IReadOnlyList<RunEffect> evaluated = run.Evaluated(4, loss: 7);
        Assert.Equal("ShowEpoch, SaveCheckpoint", evaluated.Names());
        Assert.Equal(RunOnPaper.Report(1) with { Validation = new LossStatistics(7, 0, 1) }, evaluated.Only<ShowEpoch>().Report);

        Assert.Equal((12, 8), Order(run.Saved(4)));
    }

    [Fact]
    public void A_snapshot_in_mid_epoch_is_saved_without_an_evaluation()
    {
        RunOnPaper run = new(_validated, checkpointEvery: 3);
        run.Begin();

        Assert.Equal("ShowProgress, SaveCheckpoint", run.Snapshot(3).Names());
    }

    [Fact]
    public void Shards_that_finish_the_next_epoch_during_an_evaluation_do_not_change_the_report_of_the_one_evaluated()
    {
        RunOnPaper run = new(_validated);
        run.Begin();
        run.Snapshot(4);
        run.ReachBoth(8);

        Assert.Equal(Paper.Statistics(4), run.Evaluated(4, loss: 7).Only<ShowEpoch>().Report.Training);
        run.Saved(4);
        run.Piece(0, 8);
        run.Piece(1, 8);
        Assert.Equal(Paper.Statistics(8), run.Evaluated(8, loss: 6).Only<ShowEpoch>().Report.Training);
    }

    [Fact]
    public void A_checkpoint_contains_the_epochs_up_to_its_version_even_if_the_shards_have_made_more()
    {
        RunOnPaper run = new();
        run.Begin();
        run.Reach(0, 4);
        run.Reach(0, 8);

        Assert.Empty(run.State.HistoryAt(3));
        Assert.Equal([RunOnPaper.Report(1)], run.State.HistoryAt(4));
        Assert.Equal([RunOnPaper.Report(1)], run.State.HistoryAt(7));
        Assert.Equal([RunOnPaper.Report(1), RunOnPaper.Report(2)], run.State.HistoryAt(8));
    }

    [Fact]
    public void Replayed_epochs_are_not_shown_twice_but_are_in_the_history_once()
    {
        RunOnPaper run = new();
        run.Begin();
        Assert.Single(run.Reach(0, 4).OfType<ShowEpoch>());
        run.JoinShard(1);
        run.Load();
        Assert.Empty(run.Reach(0, 4).OfType<ShowEpoch>());

        Assert.Equal([RunOnPaper.Report(1)], run.State.History);
        Assert.Single(run.Reach(0, 8).OfType<ShowEpoch>());
    }

    [Fact]
    public void Epochs_of_an_earlier_session_are_not_shown_again()
    {
        RunOnPaper run = new();
        run.Gather();
        run.Load(version: 4, epochs: 1);

        Assert.Equal(2, run.Reach(0, 8).Only<ShowEpoch>().Report.Epoch);
        Assert.Equal(2, run.State.History.Count);
    }

    [Fact]
    public void A_run_that_may_stop_early_waits_at_each_epochs_end_for_the_decision()
    {
        RunOnPaper run = new(_validated with { EarlyStoppingPatience = 1 });
        Assert.Equal((4, 4), Order(run.Begin()));
        run.Snapshot(4);
        run.Evaluated(4, loss: 5);

        Assert.Equal((8, 8), Order(run.Saved(4)));
    }

    [Fact]
    public void A_run_whose_loss_has_stopped_falling_ends_with_that_epochs_snapshot_saved()
    {
        RunOnPaper run = new(_validated with { EarlyStoppingPatience = 1 });
        run.Begin();
        run.Snapshot(4);
        run.Evaluated(4, loss: 5);
        run.Saved(4);
        run.Snapshot(8);
        Assert.Equal("ShowEpoch, SaveCheckpoint", run.Evaluated(8, loss: 5).Names());

        Assert.Equal(new FinishRun(TrainingEnd.StoppedEarly), Assert.Single(run.Saved(8)));
    }

    [Fact]
    public void A_run_ends_when_the_snapshot_of_its_last_version_is_saved()
    {
        RunOnPaper run = ToTheLastEpoch();
        Assert.DoesNotContain(run.Snapshot(12), effect => effect is FinishRun);

        Assert.Equal(new FinishRun(TrainingEnd.Completed), Assert.Single(run.Saved(12)));
    }

    [Fact]
    public void A_run_that_goes_on_from_its_last_version_is_over_at_once()
    {
        RunOnPaper run = new();
        run.Gather();

        Assert.Equal(new FinishRun(TrainingEnd.Completed), run.Load(version: 12, epochs: 3)[^1]);
    }

    [Fact]
    public void A_worker_lost_while_the_last_snapshot_is_saved_harms_nothing()
    {
        RunOnPaper run = ToTheLastEpoch();
        run.Snapshot(12);
        run.Lose("a");
        Assert.Empty(run.Lose("b"));

        Assert.Equal(new FinishRun(TrainingEnd.Completed), Assert.Single(run.Saved(12)));
    }

    [Fact]
    public void A_gradient_that_is_not_finite_ends_the_run_by_step_tensor_and_worker()
    {
        RunOnPaper run = new();
        run.Begin();

        Assert.Equal(
            new FailRun("Step 7 was refused: the gradient of dense_0/kernel from a is not finite. Try a smaller learning rate.", IsNonFinite: true),
            Assert.Single(run.Refuse(6)));
    }

    [Fact]
    public void Nothing_happens_after_the_end()
    {
        RunOnPaper run = ToTheLastEpoch();
        run.Snapshot(12);
        run.Saved(12);

        RunEffect[] effects =
        [
            .. run.Join("c"), .. run.Lose("a"), .. run.JoinShard(0), .. run.Load(), .. run.Reach(0, 12), .. run.Piece(0, 12), .. run.Evaluated(12, 1),
            .. run.Saved(12), .. run.Stop(), .. run.Held(0, 12), .. run.Missing(0, 11, 0), .. run.Refuse(11), .. run.TickAfter(1000), .. run.State.ShardLost(0, "late."),
        ];

        Assert.Empty(effects);
    }

    [Fact]
    public void The_clock_runs_while_there_are_steps_to_make_and_stands_still_while_everybody_waits()
    {
        RunOnPaper run = new(_validated with { EarlyStoppingPatience = 2 });
        run.Now = Paper.Seconds(5);
        run.Begin();
        run.Now = Paper.Seconds(8);
        run.Snapshot(4);
        run.Now = Paper.Seconds(20);
        run.Evaluated(4, loss: 5);
        run.Saved(4);
        run.Now = Paper.Seconds(24);
        run.Snapshot(8);

        Assert.Equal(Paper.Seconds(3 + 4), run.State.TrainTime);
    }

    private static RunOnPaper ToTheLastEpoch()
    {
        RunOnPaper run = new();
        run.Begin();
        foreach (long version in (long[])[4, 8])
        {
            run.Snapshot(version);
            run.Saved(version);
        }
        return run;
    }

    private static (long Until, long SnapshotAt) Order(IEnumerable<RunEffect> effects)
    {
        AdvanceShards order = effects.Only<AdvanceShards>();
        return (order.Until, order.SnapshotAt);
    }
}
