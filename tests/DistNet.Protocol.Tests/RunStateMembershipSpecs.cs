namespace DistNet.Protocol.Tests;

public class RunStateMembershipSpecs
{
    private readonly RunOnPaper _run = new();

    [Fact]
    public void A_run_that_is_gone_on_with_begins_with_a_generation_newer_than_those_it_had()
    {
        RunOnPaper run = new(newestGeneration: 7);
        run.Gather();

        Assert.Equal(Paper.Generation(8), run.Generation);
    }

    [Fact]
    public void A_run_begins_when_the_workers_and_all_shards_are_there()
    {
        Assert.Empty(_run.Join("a"));
        Assert.Empty(_run.JoinShard(1));
        Assert.Empty(_run.Join("b"));

        Assert.Equal(new LoadCheckpoint(Paper.Generation(1)), Assert.Single(_run.JoinShard(0)));
    }

    [Fact]
    public void Members_that_come_twice_while_the_run_gathers_are_counted_once()
    {
        _run.JoinShard(0);
        _run.JoinShard(1);
        _run.JoinShard(1);
        _run.Join("a");

        Assert.Empty(_run.Join("a"));
        Assert.Single(_run.Join("b"));
    }

    [Fact]
    public void A_worker_that_goes_while_the_run_gathers_is_waited_for()
    {
        _run.JoinShard(0);
        _run.Join("a");
        _run.Lose("a");
        _run.JoinShard(1);

        Assert.Empty(_run.Join("b"));
        Assert.Single(_run.Join("c"));
    }

    [Fact]
    public void The_workers_of_a_node_that_is_lost_cost_one_generation()
    {
        _run.Begin();
        _run.Join("c");

        Assert.Equal(["c"], _run.State.WorkersLost(["a", "b"], _run.Now).Only<OpenGeneration>().Workers);
    }

    [Fact]
    public void The_first_checkpoint_restores_all_shards_leases_the_work_and_lets_them_step()
    {
        _run.Gather();
        IReadOnlyList<RunEffect> effects = _run.Load();

        Assert.Equal("RestoreShards, OpenGeneration, AdvanceShards", effects.Names());
        OpenGeneration open = effects.Only<OpenGeneration>();
        Assert.Equal(["a", "b"], open.Workers);
        Assert.Equal(["shard-0", "shard-1"], open.Shards);
        Assert.Equal(new AdvanceShards(Paper.Generation(1), Paper.Generation(1), Until: 8, SnapshotAt: 4), effects.Only<AdvanceShards>());
    }

    [Fact]
    public void Each_worker_that_joins_opens_a_generation_that_includes_it()
    {
        _run.Begin();
        OpenGeneration open = (OpenGeneration)Assert.Single(_run.Join("c"));

        Assert.Equal(Paper.Generation(2), open.Generation);
        Assert.Equal(["a", "b", "c"], open.Workers);
        Assert.Equal(Paper.Generation(3), _run.Join("d").Only<OpenGeneration>().Generation);
    }

    [Fact]
    public void Each_worker_that_is_lost_opens_a_generation_without_it()
    {
        _run.Begin();
        OpenGeneration open = (OpenGeneration)Assert.Single(_run.Lose("a"));

        Assert.Equal(Paper.Generation(2), open.Generation);
        Assert.Equal(["b"], open.Workers);
    }

    [Fact]
    public void A_loss_that_is_heard_of_twice_opens_one_generation()
    {
        _run.Begin();
        _run.Lose("a");

        Assert.Empty(_run.Lose("a"));
    }

    [Fact]
    public void A_worker_that_registers_again_has_restarted_and_is_leased_work_anew()
    {
        _run.Begin();
        OpenGeneration open = (OpenGeneration)Assert.Single(_run.Join("a"));

        Assert.Equal(Paper.Generation(2), open.Generation);
        Assert.Equal(["a", "b"], open.Workers);
    }

    [Fact]
    public void The_loss_of_the_last_worker_ends_the_run()
    {
        _run.Begin();
        _run.Lose("a");

        Assert.Contains("nobody left", _run.Lose("b").Only<FailRun>().Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void The_loss_of_the_last_worker_during_a_restore_ends_the_run_instead_of_leaving_it_waiting()
    {
        _run.Begin();
        _run.JoinShard(0);
        _run.Lose("a");
        _run.Lose("b");

        Assert.Contains("nobody left", Assert.IsType<FailRun>(Assert.Single(_run.Load())).Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Workers_that_come_and_go_during_a_restore_are_leased_work_at_its_end()
    {
        _run.Begin();
        _run.JoinShard(1);
        Assert.Empty(_run.Join("c"));
        Assert.Empty(_run.Lose("a"));

        Assert.Equal(["b", "c"], _run.Load().Only<OpenGeneration>().Workers);
    }

    [Fact]
    public void A_shard_that_restarts_takes_all_shards_back_to_the_newest_checkpoint()
    {
        _run.Begin();
        _run.Snapshot(4);
        _run.Saved(4);
        _run.ReachBoth(6);
        Assert.Equal(new LoadCheckpoint(Paper.Generation(2)), Assert.Single(_run.JoinShard(1)));
        IReadOnlyList<RunEffect> effects = _run.Load(version: 4, epochs: 1);

        Assert.Equal("RestoreShards, OpenGeneration, AdvanceShards", effects.Names());
        Assert.Equal(new RestoreShards(Paper.Generation(2)), effects[0]);
        Assert.Equal(new AdvanceShards(Paper.Generation(2), Paper.Generation(2), Until: 12, SnapshotAt: 8), effects[2]);
    }

    [Fact]
    public void A_second_shard_that_restarts_while_the_checkpoint_is_loaded_gets_it_as_well()
    {
        _run.Begin();
        _run.JoinShard(0);
        Assert.Empty(_run.JoinShard(1));

        Assert.Equal(new RestoreShards(Paper.Generation(2)), _run.Load()[0]);
    }

    [Fact]
    public void A_checkpoint_that_takes_long_to_load_is_loaded_once_however_often_shards_ask()
    {
        _run.Gather();
        for (int asked = 0; asked < 10; asked++)
            Assert.Empty(_run.JoinShard(0).Concat(_run.JoinShard(1)).Concat(_run.TickAfter(5)));

        Assert.Equal(new RestoreShards(Paper.Generation(1)), _run.Load()[0]);
    }

    [Fact]
    public void Workers_of_a_cluster_beyond_the_most_stand_by_until_one_leaves()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        int generations = 0;
        for (int i = 0; i < RunSettings.MostWorkers; i++)
            generations += run.Join($"w{i}").OfType<OpenGeneration>().Count();
        Assert.Equal(RunSettings.MostWorkers - 2, generations);

        run.Lose("a");
        Assert.Equal(RunSettings.MostWorkers, run.Join("late").Only<OpenGeneration>().Workers.Count);
    }

    [Fact]
    public void Workers_of_a_cluster_whose_addresses_would_not_go_into_a_message_stand_by()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Begin();
        string address = new('x', RunSettings.MostAddressBytes / 2);
        run.Join(address + "1");

        Assert.Empty(run.Join(address + "2"));
        Assert.Equal(4, run.Join("c").Only<OpenGeneration>().Workers.Count);
    }

    [Fact]
    public void Shards_whose_addresses_would_not_go_into_a_message_end_the_run_with_what_to_do()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Join("a");
        run.Join("b");
        string address = new('x', RunSettings.MostAddressBytes / 2);
        Assert.Empty(run.State.ShardRegistered(0, address + "1", run.Now));

        Assert.Equal(
            "The addresses of 2 parameter shards do not go into one message. Order fewer, or give the nodes shorter names with --host.",
            run.State.ShardRegistered(1, address + "2", run.Now).Only<FailRun>().Reason);
    }

    [Fact]
    public void One_process_has_as_many_workers_as_it_is_told_to()
    {
        const int Workers = 2 * RunSettings.MostWorkers;
        RunOnPaper run = new(workers: Workers);
        for (int i = 0; i < Workers; i++)
            Assert.Empty(run.Join($"w{i}"));
        run.JoinShard(0);
        run.JoinShard(1);

        Assert.Equal(Workers, run.Load().Only<OpenGeneration>().Workers.Count);
    }

    [Fact]
    public void What_shards_say_of_a_state_that_was_rolled_back_is_ignored()
    {
        _run.Begin();
        _run.JoinShard(0);
        Generation old = Paper.Generation(1);
        Assert.Empty(_run.Reach(1, 4, old));
        _run.Load();

        Assert.Empty(_run.Reach(0, 4, old));
        Assert.Empty(_run.Piece(0, 4, old));
        Assert.Empty(_run.Piece(1, 4, old));
        Assert.Empty(_run.Refuse(4, old));
        Assert.Empty(_run.State.History);
        Assert.Empty(_run.Piece(0, 4));
        Assert.Empty(_run.Piece(1, 4));
        Assert.Contains(new SaveCheckpoint(Paper.Generation(2), 4), _run.Reach(0, 4));
    }

    [Fact]
    public void What_shards_say_under_an_older_lease_of_the_same_state_counts()
    {
        _run.Begin();
        _run.Join("c");

        Assert.Equal(4, _run.Reach(0, 4, Paper.Generation(1)).Only<ShowProgress>().Progress.Version);
    }

    [Fact]
    public void An_evaluation_or_a_save_that_ends_during_a_restore_is_ignored_because_its_steps_are_replayed()
    {
        RunOnPaper run = new(Paper.Spec with { ValidationFraction = 0.1 });
        run.Begin();
        run.Snapshot(4);
        run.JoinShard(0);
        Assert.Empty(run.Evaluated(4, loss: 1));
        run.Load();
        Assert.Empty(run.Evaluated(4, loss: 1));
        Assert.Empty(run.Saved(4));
        run.RestoredAt = Paper.Generation(2);
        run.Snapshot(4);

        Assert.Equal("ShowEpoch, SaveCheckpoint", run.Evaluated(4, loss: 1).Names());
        Assert.Single(run.State.History);
    }

    [Fact]
    public void A_shard_outside_the_run_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => _run.JoinShard(2));

    [Fact]
    public void A_shard_that_does_not_come_back_ends_the_run_by_name()
    {
        _run.Begin();

        Assert.Equal("Parameter shard 1 of 2 is lost: it crashed again and again.", _run.State.ShardLost(1, "it crashed again and again.").Only<FailRun>().Reason);
    }

    [Fact]
    public void A_run_whose_coordinator_crashed_goes_on_with_those_that_come_when_nobody_else_does()
    {
        RunOnPaper run = new(newestGeneration: 7, membersReturn: true);
        run.Join("a");
        Assert.Empty(run.TickAfter(8));
        run.JoinShard(0);
        Assert.Empty(run.TickAfter(8));
        run.JoinShard(1);
        run.JoinShard(1); // again, for it has no state yet
        Assert.Empty(run.TickAfter(8));

        Assert.Equal("SettleForFewer, LoadCheckpoint", run.TickAfter(3).Names());
    }

    [Fact]
    public void A_run_that_begins_waits_for_as_many_as_were_asked_for()
    {
        RunOnPaper run = new(membersReturn: true);
        run.Join("a");
        run.JoinShard(0);
        run.JoinShard(1);

        Assert.Empty(run.TickAfter(29));
    }
}
