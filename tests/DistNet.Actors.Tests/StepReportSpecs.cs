using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class StepReportSpecs : ShardKit
{
    [Fact]
    public async Task Steps_that_are_not_known_to_be_safe_are_repeated_when_asked_for()
    {
        await BeginLedgered();
        await Step(0);
        Shard.Tell(new RepeatSteps(First), Coordinator);
        ReportSteps first = await Repeated();
        await Step(1);
        Shard.Tell(new RepeatSteps(First), Coordinator);

        Assert.Equal([0, 1], Versions(await Repeated()));
        Assert.Equal([0], Versions(first));
        Assert.Equal(["a", "b"], first.Workers);
    }

    [Fact]
    public async Task Steps_that_are_safe_are_forgotten()
    {
        await BeginLedgered();
        await Step(0);
        await Step(1);
        Shard.Tell(new StepsSafe(First, 1), Coordinator);
        Shard.Tell(new RepeatSteps(First), Coordinator);

        Assert.Equal([1], Versions(await Repeated()));
    }

    [Fact]
    public async Task What_is_safe_of_another_restore_is_no_news_of_this_one()
    {
        await BeginLedgered();
        await Step(0);
        Shard.Tell(new StepsSafe(Second, 1), Coordinator);
        Shard.Tell(new RepeatSteps(First), Coordinator);

        Assert.Equal([0], Versions(await Repeated()));
    }

    [Fact]
    public async Task Refused_sums_are_counted_with_the_step_they_came_to()
    {
        await BeginLedgered();
        Push(A, 0, 4);
        Push(A, 0, 4);
        Push(B, 4, 4, version: 7);
        Push(B, 4, 4);
        await Published(A, 1);
        Shard.Tell(new RepeatSteps(First), Coordinator);

        StepRecord step = Assert.Single(Read(await Repeated()).Steps);
        Assert.Equal((1, 1), (step.Duplicates, step.Stale));
        Assert.Equal([new SumRecord(new TreeNode(0, 4), 0), new SumRecord(new TreeNode(4, 4), 1)], step.Sums);
    }

    private async Task BeginLedgered()
    {
        await Begin();
        Shard.Tell(new OpenShardGeneration(First, First, new[] { A, B }.Select(worker => worker.Ref.Address(Sys)).ToArray(), IsLedgered: true), Coordinator);
        await Published(A, 0);
        await Published(B, 0);
    }

    private async Task Step(long version)
    {
        Push(A, 0, 4, version: version);
        Push(B, 4, 4, version: version);
        await Published(A, version + 1);
        await Published(B, version + 1);
    }

    // The last report before the answer to a question that came after the order to repeat.
    private async Task<ReportSteps> Repeated()
    {
        Shard.Tell(new AskMissing(), Coordinator);
        ReportSteps? last = null;
        await Coordinator.FishForMessageAsync(message =>
        {
            last = message as ReportSteps ?? last;
            return message is MissingMicroBatch;
        });
        return last!;
    }

    private static IEnumerable<long> Versions(ReportSteps report) => Read(report).Steps.Select(step => step.Version);

    private static StepsRecorded Read(ReportSteps report)
    {
        WorkerTable workers = new();
        workers.Add(["a", "b"]);
        return report.Read(workers);
    }
}
