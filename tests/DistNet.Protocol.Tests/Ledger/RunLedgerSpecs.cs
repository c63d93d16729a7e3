namespace DistNet.Protocol.Tests;

public class RunLedgerSpecs
{
    private readonly RunLedger _ledger = new();

    public RunLedgerSpecs() => Apply(PaperLedger.Accepted, PaperLedger.Begins, PaperLedger.Opened, PaperLedger.Steps(0, 0, 6), PaperLedger.Steps(1, 0, 5));

    [Fact]
    public void The_run_stands_where_every_shard_has_recorded_its_steps() => Assert.Equal((5L, Paper.Generation(1)), (_ledger.Version, _ledger.Generation));

    [Fact]
    public void Steps_that_a_shard_repeats_are_recorded_once()
    {
        Assert.Equal([5, 6], _ledger.Unrecorded(1, PaperLedger.Steps(1, 3, 7).Steps)!.Steps.Select(step => step.Version));
        Assert.Null(_ledger.Unrecorded(0, PaperLedger.Steps(0, 3, 6).Steps));
    }

    [Fact]
    public void Steps_of_a_state_that_is_gone_are_not_recorded()
    {
        Apply(new ShardsRestored(Paper.Generation(2), 4, 2, "rolled back"));

        Assert.Null(_ledger.Unrecorded(0, PaperLedger.Steps(0, 4, 8).Steps));
        Assert.Equal(4, _ledger.Version);
    }

    [Fact]
    public void Workers_keep_their_numbers_when_they_come_back()
    {
        Apply(PaperLedger.Open(2, 5, "b", "c"), PaperLedger.Open(3, 5, "a"));

        Assert.Equal(["a", "b", "c"], _ledger.Workers.Addresses);
        Assert.Equal(0, _ledger.Workers.NumberOf("a"));
    }

    private void Apply(params LedgerEvent[] events)
    {
        foreach (LedgerEvent entry in events)
            _ledger.Apply(entry);
    }
}
