using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>The ledger of an uneventful run on paper, into which faults can be planted: two workers, two parameter shards, twelve steps.</summary>
internal static class PaperLedger
{
    public static RunAccepted Accepted => new("on-paper", TrainingSpecJson.Write(Paper.Spec), "hash", 100);

    public static ShardsRestored Begins => new(Paper.Generation(1), 0, 2, "the run begins");

    public static GenerationOpened Opened => Open(1, 0, "a", "b");

    public static List<LedgerEvent> Complete() =>
        [Accepted, Begins, Opened, Steps(0, 0, 12), Steps(1, 0, 12), new RunEnded(TrainingEnd.Completed, 12, "00")];

    public static GenerationOpened Open(int generation, long from, params string[] workers) => new(Paper.Generation(generation), from, workers);

    public static StepsRecorded Steps(int shard, long from, long end, int generation = 1) =>
        new(shard, [.. Enumerable.Range((int)from, (int)(end - from)).Select(version => Step(version, generation))]);

    public static StepRecord Step(long version, int generation = 1) => new(version, Paper.Generation(generation), Sums(version), 0, 0);

    /// <summary>The complete ledger with one step of one shard replaced.</summary>
    public static List<LedgerEvent> With(int shard, StepRecord step)
    {
        List<LedgerEvent> events = Complete();
        StepsRecorded steps = (StepsRecorded)events[3 + shard];
        events[3 + shard] = steps with { Steps = [.. steps.Steps.Select(s => s.Version == step.Version ? step : s)] };
        return events;
    }

    public static SumRecord Sum(int first, int count, int worker) => new(new TreeNode(first, count), worker);

    private static SumRecord[] Sums(long version) => version % 4 == 3 ? [Sum(0, 1, 1)] : [Sum(0, 4, 0), Sum(4, 4, 1)];
}
