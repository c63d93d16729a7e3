namespace DistNet.Protocol.Tests;

public class RunStateDeadlineSpecs
{
    private readonly RunOnPaper _run = new();

    [Fact]
    public void A_run_that_lacks_members_gives_up_at_the_join_deadline_and_says_who_came()
    {
        _run.Join("a");
        _run.JoinShard(1);
        Assert.Empty(_run.TickAfter(30));

        Assert.Equal(
            "Waited 30 seconds for 2 workers and 2 parameter shards; 1 and 1 came: worker a, parameter shard 1 at shard-1.",
            _run.TickAfter(1).Only<FailRun>().Reason);
    }

    [Fact]
    public void A_step_that_takes_too_long_is_asked_about()
    {
        _run.Begin();
        Assert.Empty(_run.TickAfter(10));

        Assert.Equal(new AskForMissing(_run.Generation), Assert.Single(_run.TickAfter(1)));
    }

    [Fact]
    public void A_step_of_any_shard_moves_the_deadline()
    {
        _run.Begin();
        _run.TickAfter(9);
        _run.Reach(1, 1);

        Assert.Empty(_run.TickAfter(10));
        Assert.Single(_run.TickAfter(1));
    }

    [Fact]
    public void The_holder_of_the_missing_micro_batch_loses_its_lease()
    {
        _run.Begin();
        _run.TickAfter(11);
        Assert.Empty(_run.Missing(0, version: 2, microBatch: 5));
        var effects = _run.Missing(1, version: 2, microBatch: 5);
        OpenGeneration open = effects.Only<OpenGeneration>();

        Assert.Equal("b", effects.Only<RevokeLease>().Worker); // it held 4 to 7
        Assert.Equal(["a"], open.Workers);
        Assert.Equal(Paper.Generation(2), open.Generation);
    }

    [Fact]
    public void A_holder_that_came_back_while_the_step_waits_still_was_not_to_blame_and_the_next_worker_loses_its_lease()
    {
        _run.Begin();
        Assert.Equal("a", Overdue(version: 2, microBatch: 0));
        _run.Join("a");
        Assert.Equal("b", Overdue(version: 2, microBatch: 0));
        _run.Join("b");
        Assert.Equal("a", Overdue(version: 2, microBatch: 0));
    }

    [Fact]
    public void Who_was_to_blame_for_one_step_says_nothing_about_the_next()
    {
        _run.Begin();
        Assert.Equal("a", Overdue(version: 1, microBatch: 0));
        _run.Join("a");

        Assert.Equal("a", Overdue(version: 2, microBatch: 0));
    }

    [Fact]
    public void The_shard_that_is_behind_decides_who_is_waited_for_because_the_others_wait_for_it()
    {
        _run.Begin();
        _run.TickAfter(11);
        Assert.Empty(_run.Missing(0, version: 3, microBatch: 0));

        Assert.Equal(["a"], _run.Missing(1, version: 2, microBatch: 7).Only<OpenGeneration>().Workers);
    }

    [Fact]
    public void A_shard_behind_that_lacks_nothing_lacks_an_order_so_that_nobody_is_blamed_and_the_next_deadline_begins_anew()
    {
        _run.Begin();
        _run.TickAfter(11);
        _run.Missing(0, version: 1, microBatch: -1);

        Assert.Empty(_run.Missing(1, version: 2, microBatch: 0));
        Assert.Single(_run.TickAfter(11).OfType<LoadCheckpoint>());
    }

    [Fact]
    public void The_only_worker_ends_the_run_by_a_sentence_that_names_shard_step_micro_batch_and_worker()
    {
        _run.Begin();
        _run.Lose("a");
        _run.TickAfter(11);
        _run.Missing(0, version: 3, microBatch: 0);

        Assert.Equal(
            "Parameter shard 1 waited 10 seconds at step 3 for micro-batch 6 of b, the only worker.",
            _run.Missing(1, version: 2, microBatch: 6).Only<FailRun>().Reason);
    }

    [Fact]
    public void An_answer_that_comes_after_a_step_was_made_takes_nobodys_lease()
    {
        _run.Begin();
        _run.TickAfter(11);
        _run.Missing(0, version: 2, microBatch: 5);
        _run.Reach(1, 3);

        Assert.Empty(_run.Missing(1, version: 2, microBatch: 5));
    }

    [Fact]
    public void An_answer_under_an_older_generation_takes_nobodys_lease()
    {
        _run.Begin();
        Generation old = _run.Generation;
        _run.Join("c");
        _run.TickAfter(11);
        _run.Missing(0, version: 2, microBatch: 5, old);

        Assert.Empty(_run.Missing(1, version: 2, microBatch: 5, old));
    }

    [Fact]
    public void An_answer_that_is_lost_leads_to_a_new_beginning_and_one_that_comes_then_takes_nobodys_lease()
    {
        _run.Begin();
        _run.TickAfter(11);
        _run.Missing(0, version: 2, microBatch: 5);
        Assert.Empty(_run.TickAfter(10));

        _run.TickAfter(1).Only<LoadCheckpoint>();
        Assert.Empty(_run.Missing(1, version: 2, microBatch: 5));
    }

    [Fact]
    public void An_answer_that_comes_when_the_last_worker_is_gone_takes_nobodys_lease()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        run.TickAfter(11);
        run.Missing(0, version: 2, microBatch: 5);
        run.Lose("a");
        Generation asked = run.Generation;
        run.Lose("b");

        Assert.Empty(run.Missing(1, version: 2, microBatch: 5, asked));
        Assert.Contains("waits for nodes", run.State.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_that_was_lost_is_made_good_by_the_answer_and_costs_nobody_a_lease()
    {
        _run.Begin();
        _run.ReachBoth(3);
        _run.Reach(0, 8);
        _run.TickAfter(11);
        _run.Missing(0, version: 8, microBatch: 0);

        Assert.Empty(_run.Missing(1, version: 8, microBatch: 0));
    }

    [Fact]
    public void A_checkpoint_is_saved_whose_report_was_lost_once_the_answers_say_that_it_was_reached()
    {
        RunOnPaper run = AskedAtStandstill(heard: 1);

        Assert.Equal(new SaveCheckpoint(Paper.Generation(1), 1), run.Missing(1, version: 2, microBatch: 0).Only<SaveCheckpoint>());
    }

    [Fact]
    public void A_checkpoint_that_takes_long_to_save_is_waited_for_though_a_report_was_lost()
    {
        RunOnPaper run = AskedAtStandstill(heard: 0);
        run.Missing(1, version: 2, microBatch: 0);

        Assert.Empty(run.TickAfter(11));
        Assert.Empty(run.TickAfter(11));
    }

    [Fact]
    public void What_names_a_shard_or_a_step_that_the_run_does_not_have_is_ignored()
    {
        _run.Begin();
        Assert.Empty(_run.Reach(2, 1));
        Assert.Empty(_run.Reach(-1, 1));
        Assert.Empty(_run.Reach(0, long.MaxValue));
        Assert.Empty(_run.Held(7, 1));
        Assert.Empty(_run.Piece(7, 8));
        _run.TickAfter(11);
        Assert.Empty(_run.Missing(7, 1, 0));
        Assert.Empty(_run.Missing(0, -1, 0));
    }

    [Fact]
    public void A_lease_is_taken_back_again_and_again_until_its_worker_registers()
    {
        _run.Begin();
        _run.TickAfter(11);
        _run.Missing(0, version: 2, microBatch: 5);
        Assert.Equal(
            new RevokeLease("b", "at step 3 parameter shard 0 waits for micro-batch 5 of b"),
            _run.Missing(1, version: 2, microBatch: 5).Only<RevokeLease>());
        Assert.Equal(new RevokeLease("b", Reason: null), _run.TickAfter(1).Only<RevokeLease>());
        Assert.Equal(new RevokeLease("b", Reason: null), _run.TickAfter(1).Only<RevokeLease>());
        _run.Join("b");

        Assert.Empty(_run.TickAfter(1));
    }

    [Fact]
    public void The_deadline_begins_anew_when_the_lease_does()
    {
        _run.Begin();
        _run.TickAfter(9);
        _run.Lose("a");

        Assert.Empty(_run.TickAfter(10));
        Assert.Single(_run.TickAfter(1));
    }

    [Fact]
    public void A_restore_forgets_who_was_asked()
    {
        _run.Begin();
        _run.TickAfter(11);
        _run.Missing(0, version: 2, microBatch: 5);
        _run.JoinShard(0);
        _run.Load();
        Assert.Empty(_run.Missing(1, version: 0, microBatch: 0));

        Assert.Single(_run.TickAfter(11));
    }

    [Fact]
    public void A_slow_evaluation_that_the_shards_wait_for_is_not_taken_for_a_slow_step()
    {
        RunOnPaper run = new(Paper.Spec with { ValidationFraction = 0.1, EarlyStoppingPatience = 2 });
        run.Begin();
        run.Snapshot(4);
        Assert.Empty(run.TickAfter(100));
        run.Evaluated(4, loss: 1);
        Assert.Single(run.Saved(4));

        Assert.Empty(run.TickAfter(10));
        Assert.Single(run.TickAfter(1));
    }

    // Both shards stand at version 2, with the snapshot of version 1 handed over; one of their reports was lost, and the first has answered the question.
    private static RunOnPaper AskedAtStandstill(int heard)
    {
        RunOnPaper run = new(checkpointEvery: 1);
        run.Begin();
        run.Reach(heard, 2);
        run.Piece(0, 1);
        run.Piece(1, 1);
        run.TickAfter(11);
        run.Missing(0, version: 2, microBatch: 0);
        return run;
    }

    // Who loses its lease because both shards wait for that micro-batch.
    private string Overdue(long version, int microBatch)
    {
        _run.TickAfter(11);
        _run.Missing(0, version, microBatch);
        return _run.Missing(1, version, microBatch).Only<RevokeLease>().Worker;
    }
}
