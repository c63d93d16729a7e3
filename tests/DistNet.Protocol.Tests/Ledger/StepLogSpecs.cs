namespace DistNet.Protocol.Tests;

public class StepLogSpecs
{
    private readonly StepLog _log = new() { IsKept = true };

    [Fact]
    public void A_run_without_a_ledger_keeps_no_records()
    {
        _log.IsKept = false;
        Make(0, 3);

        Assert.False(_log.HasMore);
    }

    [Fact]
    public void Each_step_is_taken_once()
    {
        Make(0, 3);

        Assert.Equal([0, 1, 2], Taken());
        Assert.Empty(Taken());
    }

    [Fact]
    public void Steps_are_taken_in_batches_that_fit_a_message()
    {
        Make(0, StepLog.BatchSize + 1);

        Assert.Equal(StepLog.BatchSize, _log.Take().Steps.Length);
        Assert.True(_log.HasMore);
        Assert.Equal([StepLog.BatchSize], Taken());
    }

    [Fact]
    public void What_is_not_safe_is_taken_again_when_some_of_it_was_lost()
    {
        Make(0, 4);
        _log.Take();
        _log.Forget(2);
        _log.TakeAgain();

        Assert.Equal([2, 3], Taken());
    }

    [Fact]
    public void What_was_made_since_is_still_to_be_taken_when_the_rest_is_safe()
    {
        Make(0, 2);
        _log.Take();
        Make(2, 1);
        _log.Forget(2);

        Assert.Equal([2], Taken());
    }

    [Fact]
    public void A_restore_undoes_what_was_made()
    {
        Make(0, 4);
        _log.Clear();
        Make(1, 1);

        Assert.Equal([1], Taken());
    }

    [Fact]
    public void Workers_are_numbered_in_the_order_of_their_first_sums()
    {
        _log.Add(0, Paper.Generation(1), [Sum(0, "b"), Sum(1, "a"), Sum(2, "b")], (0, 0));

        StepBatch batch = _log.Take();
        Assert.Equal(["b", "a"], batch.Workers);
        Assert.Equal([0, 1, 0], Assert.Single(batch.Steps).Sums.Select(sum => sum.Worker));
    }

    [Fact]
    public void A_batch_names_its_own_workers_not_all_that_there_ever_were()
    {
        for (int i = 0; i < 10 * StepLog.BatchSize; i++)
            _log.Add(i, Paper.Generation(1), [Sum(0, $"worker {i}"), Sum(1, "a")], (0, 0));
        _log.Take();
        StepBatch batch = _log.Take();

        Assert.Equal(StepLog.BatchSize + 1, batch.Workers.Length);
        Assert.Equal($"worker {StepLog.BatchSize}", batch.Workers[batch.Steps[0].Sums[0].Worker]);
    }

    [Fact]
    public void A_batch_is_cut_where_its_addresses_would_not_fit_a_message()
    {
        string Long(int i) => $"{i}".PadLeft(1000, 'w');
        for (int i = 0; i < StepLog.BatchSize; i++)
            _log.Add(i, Paper.Generation(1), [Sum(0, Long(i))], (0, 0));

        List<StepBatch> batches = [];
        while (_log.HasMore)
            batches.Add(_log.Take());
        Assert.All(batches, batch => Assert.InRange(batch.Workers.Sum(worker => worker.Length), 1000, 40_000));
        Assert.Equal(Enumerable.Range(0, StepLog.BatchSize).Select(Long), batches.SelectMany(batch => batch.Steps.Select(step => batch.Workers[step.Sums[0].Worker])));
    }

    private void Make(long first, int count)
    {
        for (int i = 0; i < count; i++)
            _log.Add(first + i, Paper.Generation(1), [Sum(0, "a")], (0, 0));
    }

    private static Contribution<string> Sum(int microBatch, string worker) => new(new TreeNode(microBatch, 1), worker, "");

    private long[] Taken() => [.. _log.Take().Steps.Select(step => step.Version)];
}
