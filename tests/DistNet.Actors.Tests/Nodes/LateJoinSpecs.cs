using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A node that joins in the middle of a run computes its share from then on.</summary>
public sealed class LateJoinSpecs : IDisposable
{
    private static readonly TrainingJob Job = Runs.Job(Runs.Spec with { Epochs = 20 });

    private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly ManualResetEventSlim _joined = new();

    [Fact]
    public async Task A_worker_that_joins_late_takes_part_and_no_bit_differs()
    {
        EventfulExamples first = new(Job.Examples) { Before = { [10] = WaitForTheOther } };
        EventfulExamples second = new(Job.Examples) { Before = { [1] = _joined.Set } };
        await using TestCluster cluster = new(Job);
        cluster.Add(options => options with { Roles = [NodeRole.ParameterServer] });
        cluster.Add(options => options with { Roles = [NodeRole.Worker], Data = new NodeShelf(first) });
        Task<TrainingResult> run = cluster.Train(workers: 1, parameterServers: 1, shards: 2);
        await _begun.Task.WaitAsync(Runs.Patience);
        ClusterNode late = cluster.Add(options => options with { Roles = [NodeRole.Worker], Data = new NodeShelf(second) });

        Assert.Equal(Runs.Plain(Job).Parameters, (await run).Parameters);
        IReadOnlyList<LedgerEvent> ledger = await JournalReader.ReadAsync(cluster.Ledger);
        Assert.Empty(LedgerAudit.Check(ledger).Violations);
        AssertTookPart(ledger, late.TensorAddress);
    }

    public void Dispose()
    {
        _joined.Set();
        _joined.Dispose();
    }

    // The run cannot be over before the other is there, however long it takes to join.
    private void WaitForTheOther()
    {
        _begun.TrySetResult();
        _joined.Wait(Runs.Patience);
    }

    private static void AssertTookPart(IReadOnlyList<LedgerEvent> ledger, string node)
    {
        WorkerTable workers = new();
        foreach (GenerationOpened opened in ledger.OfType<GenerationOpened>())
            workers.Add(opened.Workers);
        Assert.EndsWith($" {node}", workers.Addresses[1], StringComparison.Ordinal);
        Assert.Contains(ledger.OfType<StepsRecorded>().SelectMany(steps => steps.Steps), step => step.Sums.Any(sum => sum.Worker == 1));
        Assert.DoesNotContain(node, string.Join(", ", ledger.OfType<GenerationOpened>().First().Workers), StringComparison.Ordinal);
    }
}
