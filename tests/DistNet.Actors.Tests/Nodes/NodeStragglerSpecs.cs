using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A worker of a node with two does not go on: sums that were to be added before they leave the node come from elsewhere, or by themselves.</summary>
[Collection(StepsInTime.Name)]
public sealed class NodeStragglerSpecs : IDisposable
{
    private static readonly TrainingJob Job = Runs.Job(Runs.Spec with { Epochs = 6 }) with { CheckpointEvery = 5 };

    private readonly ManualResetEventSlim _goOn = new();
    private readonly TrainingResult _plain = Runs.Plain(Job);

    [Fact]
    public async Task The_run_ends_without_it()
    {
        AuditReport audit = await Train(new Recorder());

        Assert.True(audit.Helped > 0);
    }

    [Fact]
    public async Task It_goes_on_with_the_others_when_it_can()
    {
        // Reports come ten times a second, and each step without it takes a fiftieth at least.
        await Train(new Recorder { Then = progress => { if (progress.Version >= 9) _goOn.Set(); } });
    }

    public void Dispose()
    {
        _goOn.Set();
        _goOn.Dispose();
    }

    private async Task<AuditReport> Train(Recorder recorder)
    {
        EventfulExamples slow = new(Job.Examples) { Before = { [7] = () => _goOn.Wait(Runs.Patience) } };
        await using TestCluster cluster = new(Job with { Checkpoints = new MemoryStore() }, recorder);
        cluster.Add(options => options with { Roles = [NodeRole.ParameterServer] });
        cluster.Add(options => options with { Roles = [NodeRole.Worker], Slots = 2, Data = new NodeShelf(slow) });
        cluster.Add(options => options with { Roles = [NodeRole.Worker], Slots = 2 });
        TrainingResult result = await cluster.Train(workers: 4, parameterServers: 1, shards: 2);
        _goOn.Set();

        Assert.Equal(_plain.Parameters, result.Parameters);
        IReadOnlyList<LedgerEvent> ledger = await JournalReader.ReadAsync(cluster.Ledger);
        Assert.Single(ledger.OfType<GenerationOpened>()); // no deadline has taken the lease
        AuditReport audit = LedgerAudit.Check(ledger);
        Assert.Empty(audit.Violations);
        return audit;
    }
}
