namespace DistNet.Protocol.Tests.Ledger;

public sealed class StepLookupSpecs
{
    private static readonly Generation First = new(1);
    private static readonly Generation Second = new(2);

    [Fact]
    public void The_worker_of_a_micro_batch_is_that_of_the_step_that_counts()
    {
        StepLookup ledger = new(
        [
            new ShardsRestored(First, 0, 1, "the run begins"),
            new GenerationOpened(First, 0, ["a", "b"]),
            new StepsRecorded(0, [Step(0, First, (0, 0, 4)), Step(1, First, (0, 0, 2), (1, 2, 2))]),
            new ShardsRestored(Second, 1, 1, "rolled back"),
            new GenerationOpened(Second, 1, ["b", "c"]),
            new StepsRecorded(0, [Step(1, Second, (2, 0, 2), (1, 2, 2))]),
        ]);
        Assert.Equal(["a", "a", "a", "a"], Workers(ledger, 0));
        Assert.Equal(["c", "c", "b", "b"], Workers(ledger, 1));
        Assert.Null(ledger.WorkerOf(0, 2, 0)); // no such step
        Assert.Null(ledger.WorkerOf(0, 1, 4)); // no such micro-batch
    }

    private static string[] Workers(StepLookup ledger, long version) => [.. Enumerable.Range(0, 4).Select(microBatch => ledger.WorkerOf(0, version, microBatch) ?? "")];

    private static StepRecord Step(long version, Generation generation, params (int Worker, int First, int Count)[] sums) =>
        new(version, generation, [.. sums.Select(sum => new SumRecord(new TreeNode(sum.First, sum.Count), sum.Worker))], 0, 0);
}
