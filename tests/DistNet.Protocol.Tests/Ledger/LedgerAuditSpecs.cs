using DistNet.Neural;
using FsCheck.Xunit;

namespace DistNet.Protocol.Tests;

public class LedgerAuditSpecs
{
    [Fact]
    public void An_uneventful_run_counted_each_example_of_each_epoch_once()
    {
        AuditReport report = LedgerAudit.Check(PaperLedger.Complete());

        Assert.Empty(report.Violations);
        Assert.Equal(12, report.Steps);
        Assert.Equal([new EpochAudit(1, 4, 100, true), new EpochAudit(2, 4, 100, true), new EpochAudit(3, 4, 100, true)], report.Epochs);
        Assert.Equal([new WorkerAudit("a", 72), new WorkerAudit("b", 78)], report.Workers);
    }

    [Property(MaxTest = 300)]
    public void Whatever_happened_to_a_run_that_kept_the_rules_each_example_was_counted_once(int seed)
    {
        AuditReport report = LedgerAudit.Check(RandomLedger.Complete(seed));

        Assert.Empty(report.Violations);
        Assert.All(report.Epochs, epoch => Assert.Equal((100, true), (epoch.Examples, epoch.IsComplete)));
        Assert.Equal(3, report.Epochs.Count);
    }

    [Property(MaxTest = 300)]
    public void A_sum_that_is_taken_out_put_in_twice_or_moved_by_one_micro_batch_never_goes_unseen(int seed)
    {
        Random chance = new(seed);
        List<LedgerEvent> events = RandomLedger.Complete(seed);
        long restored = events.OfType<ShardsRestored>().Last().Version;
        int[] batches = [.. Enumerable.Range(0, events.Count).Where(i => i > events.FindLastIndex(e => e is ShardsRestored) && events[i] is StepsRecorded)];
        if (batches.Length == 0)
            return; // it was restored at its end
        int at = batches[chance.Next(batches.Length)];
        StepsRecorded batch = (StepsRecorded)events[at];
        int index = chance.Next(batch.Steps.Length);
        StepRecord[] steps = [.. batch.Steps];
        steps[index] = steps[index] with { Sums = Spoil(steps[index].Sums, chance) };
        events[at] = batch with { Steps = steps };

        string violation = LedgerAudit.Check(events).Violations[0];
        Assert.StartsWith($"Step {steps[index].Version + 1}, parameter shard {batch.Shard}:", violation, StringComparison.Ordinal);
        Assert.True(steps[index].Version >= restored);
    }

    [Fact]
    public void A_worker_that_computed_what_another_held_the_lease_of_helped_and_each_example_still_counts_once()
    {
        StepRecord helped = PaperLedger.Step(5) with { Sums = [PaperLedger.Sum(0, 4, 0), PaperLedger.Sum(4, 2, 0), PaperLedger.Sum(6, 2, 1)] };
        AuditReport report = LedgerAudit.Check(PaperLedger.With(1, helped));

        Assert.Empty(report.Violations);
        Assert.Equal(2, report.Helped);
        Assert.Equal([new WorkerAudit("a", 74), new WorkerAudit("b", 76)], report.Workers);
    }

    [Fact]
    public void A_sum_that_stays_from_a_lease_of_an_older_generation_is_nobodys_help()
    {
        // Worker b held 4 to 7 in generation 1, and holds 0 to 3 in generation 2, which begins while the step is under way.
        AuditReport report = LedgerAudit.Check([
            PaperLedger.Accepted, PaperLedger.Begins with { ParameterShards = 1 }, PaperLedger.Opened, PaperLedger.Open(2, 0, "b", "a"),
            new StepsRecorded(0, [PaperLedger.Step(0, generation: 2)])]);

        Assert.Empty(report.Violations);
        Assert.Equal(0, report.Helped);
    }

    [Fact]
    public void A_missing_micro_batch_is_named_with_its_step_and_shard()
    {
        AuditReport report = LedgerAudit.Check(PaperLedger.With(1, PaperLedger.Step(5) with { Sums = [PaperLedger.Sum(0, 4, 0), PaperLedger.Sum(4, 2, 1), PaperLedger.Sum(7, 1, 1)] }));

        Assert.Equal("Step 6, parameter shard 1: micro-batch 6 is missing.", report.Violations[0]);
        int example = ExampleOrder.ForEpoch(100, Paper.Spec.Seed, 2)[32 + 24]; // the first of the second mini-batch's seventh micro-batch
        Assert.Equal($"Epoch 2 counted example {example} 0 to 1 times, not once, and 3 others likewise.", report.Violations[1]);
        Assert.Equal(new EpochAudit(2, 4, 96, true), report.Epochs[1]);
    }

    [Fact]
    public void A_micro_batch_that_was_counted_twice_is_named_with_both_workers()
    {
        AuditReport report = LedgerAudit.Check(PaperLedger.With(0, PaperLedger.Step(0) with { Sums = [PaperLedger.Sum(0, 4, 0), PaperLedger.Sum(3, 1, 1), PaperLedger.Sum(4, 4, 1)] }));

        Assert.Equal("Step 1, parameter shard 0: micro-batch 3 was counted twice, by a and b.", report.Violations[0]);
    }

    [Fact]
    public void Sums_that_are_no_node_of_the_tree_are_a_violation_even_if_they_cover_it() => Expect(
        PaperLedger.With(0, PaperLedger.Step(0) with { Sums = [PaperLedger.Sum(0, 3, 0), PaperLedger.Sum(3, 1, 0), PaperLedger.Sum(4, 4, 1)] }),
        "Step 1, parameter shard 0: micro-batches 0-2 of a are no node of the tree over 8.");

    [Fact]
    public void A_micro_batch_that_the_step_does_not_have_is_a_violation() => Expect(
        PaperLedger.With(0, PaperLedger.Step(3) with { Sums = [PaperLedger.Sum(0, 1, 0), PaperLedger.Sum(1, int.MaxValue, 0)] }),
        "Step 4, parameter shard 0: there are micro-batches 0 to 0, but a is said to have computed 2147483647 from 1 on.");

    [Fact]
    public void A_worker_that_nobody_named_is_a_violation() => Expect(
        PaperLedger.With(0, PaperLedger.Step(3) with { Sums = [PaperLedger.Sum(0, 1, 7)] }),
        "Step 4, parameter shard 0: micro-batches 0 are from unknown worker 7, which held no lease in generation 1.");

    [Fact]
    public void A_worker_that_came_later_is_a_violation()
    {
        List<LedgerEvent> events = PaperLedger.With(0, PaperLedger.Step(3) with { Sums = [PaperLedger.Sum(0, 1, 2)] });
        events.Insert(5, PaperLedger.Open(2, 12, "a", "b", "c"));

        Expect(events, "Step 4, parameter shard 0: micro-batches 0 are from c, which held no lease in generation 1.");
    }

    [Fact]
    public void A_sum_from_before_a_new_generation_counts_even_if_its_worker_is_gone() => Assert.Empty(LedgerAudit.Check([
        PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened,
        PaperLedger.Steps(0, 0, 2), PaperLedger.Steps(1, 0, 2), PaperLedger.Open(2, 2, "b"),
        new StepsRecorded(0, [PaperLedger.Step(2, generation: 2)]), // worker a computed half of it under generation 1
    ]).Violations);

    [Fact]
    public void A_sum_of_a_worker_that_was_gone_before_the_step_began_is_a_violation() => Expect(
        [
            PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Open(2, 0, "b"),
            new StepsRecorded(0, [PaperLedger.Step(0, generation: 2), PaperLedger.Step(1, generation: 2)]),
            new StepsRecorded(1, [PaperLedger.Step(0, generation: 2), PaperLedger.Step(1, generation: 2)]),
        ],
        "Step 2, parameter shard 0: micro-batches 0-3 are from a, which held no lease in generation 2.");

    [Fact]
    public void A_gap_in_a_shards_steps_is_named()
    {
        List<LedgerEvent> events = PaperLedger.Complete();
        events[4] = PaperLedger.Steps(1, 0, 5);
        events.Insert(5, PaperLedger.Steps(1, 7, 12));

        Expect(events, "Parameter shard 1 has no record of steps 6 to 7.");
    }

    [Fact]
    public void Steps_that_are_made_again_supersede_the_old_ones_if_the_shards_were_restored()
    {
        AuditReport report = LedgerAudit.Check(Replayed(restored: true));

        Assert.Empty(report.Violations);
        Assert.Equal((12, 8L, 1), ((int)report.Steps, report.SupersededRecords, report.RollBacks));
        Assert.All(report.Epochs, epoch => Assert.Equal(100, epoch.Examples));
    }

    [Fact]
    public void Steps_that_are_made_again_without_a_restored_shard_are_a_violation() => Expect(
        Replayed(restored: false), "Parameter shard 0 recorded step 5 twice (generations 1 and 2), but was not restored in between.");

    [Fact]
    public void Faults_in_superseded_steps_do_not_matter()
    {
        List<LedgerEvent> events = Replayed(restored: true);
        events[3] = ((StepsRecorded)events[3]) with { Steps = [.. PaperLedger.Steps(0, 0, 7).Steps, PaperLedger.Step(7) with { Sums = [] }] };

        Assert.Empty(LedgerAudit.Check(events).Violations);
    }

    [Fact]
    public void A_run_that_goes_on_from_steps_that_were_not_recorded_is_a_violation() => Expect(
        [
            PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 8), PaperLedger.Steps(1, 0, 6),
            new ShardsRestored(Paper.Generation(2), 8, 1, "resumed"), PaperLedger.Open(2, 8, "a", "b"), PaperLedger.Steps(0, 8, 12, generation: 2),
        ],
        "Parameter shard 1 has no record of steps 7 to 8.");

    [Fact]
    public void A_run_may_go_on_with_another_number_of_shards()
    {
        AuditReport report = LedgerAudit.Check([
            PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 6), PaperLedger.Steps(1, 0, 6),
            new ShardsRestored(Paper.Generation(2), 6, 1, "resumed"), PaperLedger.Open(2, 6, "a", "b"), PaperLedger.Steps(0, 6, 12, generation: 2),
            new RunEnded(TrainingEnd.Completed, 12, "00")]);

        Assert.Empty(report.Violations);
        Assert.All(report.Epochs, epoch => Assert.Equal(100, epoch.Examples));
    }

    [Fact]
    public void A_run_that_was_cut_off_is_proved_as_far_as_all_shards_came()
    {
        AuditReport report = LedgerAudit.Check([PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 7), PaperLedger.Steps(1, 0, 6)]);

        Assert.Empty(report.Violations);
        Assert.Equal([new EpochAudit(1, 4, 100, true), new EpochAudit(2, 2, 64, false)], report.Epochs);
        Assert.Null(report.End);
    }

    [Fact]
    public void A_run_is_not_complete_before_its_last_step() => Expect(
        [PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 11), PaperLedger.Steps(1, 0, 11), new RunEnded(TrainingEnd.Completed, 11, "00")],
        "The run ended as complete after 11 of 12 steps.");

    [Fact]
    public void A_step_under_a_generation_that_nobody_opened_is_a_violation() => Expect(
        [PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 1, generation: 5)],
        "Step 1, parameter shard 0: recorded under generation 5, which nobody had opened.");

    [Fact]
    public void A_step_of_an_older_state_is_a_violation() => Expect(
        [
            PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, new ShardsRestored(Paper.Generation(2), 0, 2, "rolled back"), PaperLedger.Open(2, 0, "a", "b"),
            PaperLedger.Steps(0, 0, 1, generation: 1),
        ],
        "Step 1, parameter shard 0: recorded under generation 1, after the shards were restored under 2.");

    [Fact]
    public void A_checkpoint_ahead_of_the_steps_recorded_is_a_violation() => Expect(
        [PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 4), PaperLedger.Steps(1, 0, 3), new CheckpointRecorded(4, "step-4", "00")],
        "Checkpoint step-4 was taken after step 4, but only 3 steps were recorded by then.");

    [Fact]
    public void An_epoch_with_two_results_is_a_violation()
    {
        EpochReport report = new(1, new LossStatistics(1, 50, 100), null);

        Expect([.. PaperLedger.Complete(), new EpochRecorded(report), new EpochRecorded(report), new EpochRecorded(report with { Training = new LossStatistics(1, 51, 100) })], "Epoch 1 was reported with two results.");
    }

    [Fact]
    public void An_empty_ledger_proves_nothing() => Expect([], "The ledger is empty: no run was accepted.");

    [Fact]
    public void An_end_without_a_step_proves_nothing() => Expect(
        [PaperLedger.Accepted, new RunEnded(TrainingEnd.Completed, 4, "hash")], "The ledger has no step of the 4 that the run had made.");

    private static void Expect(IEnumerable<LedgerEvent> events, string violation) => Assert.Equal(violation, LedgerAudit.Check(events).Violations[0]);

    private static List<LedgerEvent> Replayed(bool restored) =>
    [
        PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 8), PaperLedger.Steps(1, 0, 8),
        restored ? new ShardsRestored(Paper.Generation(2), 4, 2, "shard 1 crashed") : PaperLedger.Open(2, 4, "a", "b"),
        PaperLedger.Open(restored ? 2 : 3, 4, "a", "b"),
        PaperLedger.Steps(0, 4, 12, generation: 2), PaperLedger.Steps(1, 4, 12, generation: 2), new RunEnded(TrainingEnd.Completed, 12, "00"),
    ];

    private static SumRecord[] Spoil(SumRecord[] sums, Random chance)
    {
        int at = chance.Next(sums.Length);
        return chance.Next(3) switch
        {
            0 => [.. sums.Where((_, i) => i != at)],
            1 => [.. sums, sums[at]],
            _ => [.. sums.Select((sum, i) => i == at ? sum with { Node = sum.Node with { First = sum.Node.First + 1 } } : sum)],
        };
    }
}
