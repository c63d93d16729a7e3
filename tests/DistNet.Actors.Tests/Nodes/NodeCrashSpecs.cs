using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>Nodes that crash without a word, which the others learn from their broken links.</summary>
public class NodeCrashSpecs
{
    // Most of it is yet to come when the first checkpoint is saved.
    private static readonly TrainingJob Job = Runs.Job(Runs.Spec with { Epochs = 500 }) with { CheckpointEvery = 20 };

    private readonly TrainingResult _plain = Runs.Plain(Job);
    private readonly MemoryStore _store = new();
    private readonly TaskCompletionSource _steps = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(new[] { NodeRole.Worker, NodeRole.ParameterServer }, 3)]
    [InlineData(new[] { NodeRole.Worker }, 2)]
    [InlineData(new[] { NodeRole.ParameterServer }, 3)]
    public async Task The_others_go_on_without_a_node_that_crashed_and_no_bit_differs(string[] roles, int parameterServers)
    {
        await using TestCluster cluster = Begin();
        ClusterNode victim = cluster.Add(options => options with { Roles = roles });
        cluster.Add();
        cluster.Add();
        Task<TrainingResult> run = cluster.Train(roles.Contains(NodeRole.Worker) ? 3 : 2, parameterServers, 3);
        await _steps.Task.WaitAsync(Runs.Patience);
        await victim.AbandonAsync();

        Assert.Equal(_plain.Parameters, (await run).Parameters);
        await CrashedInTheMiddle(cluster);
    }

    [Fact]
    public async Task Another_node_takes_the_place_of_the_only_one_that_crashed_and_no_bit_differs()
    {
        await using TestCluster cluster = Begin();
        ClusterNode victim = cluster.Add();
        Task<TrainingResult> run = cluster.Train(1, 1, 2);
        await _steps.Task.WaitAsync(Runs.Patience);
        await victim.AbandonAsync();
        cluster.Add();
        TrainingResult result = await run;

        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Equal(_plain.History, result.History);
        await CrashedInTheMiddle(cluster);
    }

    private static async Task CrashedInTheMiddle(TestCluster cluster)
    {
        AuditReport audit = LedgerAudit.Check(await JournalReader.ReadAsync(cluster.Ledger));
        Assert.Empty(audit.Violations);
        Assert.True(audit.Generations > 1, "the run was over before the node crashed");
    }

    private TestCluster Begin() =>
        new(Job with { Checkpoints = _store }, new Recorder { ThenCheckpoint = _ => _steps.TrySetResult() });
}
