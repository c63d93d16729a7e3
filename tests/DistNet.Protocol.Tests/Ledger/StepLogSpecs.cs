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

        Assert.Equal(StepLog.BatchSize, _log.Take().Length);
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

        Assert.Equal(["b", "a"], _log.Workers);
        Assert.Equal([0, 1, 0], Assert.Single(_log.Take()).Sums.Select(sum => sum.Worker));
    }

    private void Make(long first, int count)
    {
        for (int i = 0; i < count; i++)
            _log.Add(first + i, Paper.Generation(1), [Sum(0, "a")], (0, 0));
    }

    private static Contribution<string> Sum(int microBatch, string worker) => new(new TreeNode(microBatch, 1), worker, "");

    private long[] Taken() => [.. _log.Take().Select(step => step.Version)];
}
