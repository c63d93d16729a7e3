using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A coordinator that stands by leads when the leader has crashed, and goes on with the run that only the journal tells it of.</summary>
public class StandbySpecs
{
    // Most of it is yet to come when the first checkpoint is saved.
    private static readonly TrainingJob Job = Runs.Job(Runs.Spec with { Epochs = 500 }) with { CheckpointEvery = 20 };

    private readonly TrainingResult _plain = Runs.Plain(Job);
    private readonly MemoryStore _store = new();
    private readonly TaskCompletionSource _steps = new(TaskCreationOptions.RunContinuationsAsynchronously);

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 3)]
    public async Task The_standby_goes_on_with_the_run_of_a_leader_that_crashed_and_no_bit_differs(int nodes, int shards)
    {
        await using TestCluster cluster = new(Job with { Checkpoints = _store }, new Recorder { ThenCheckpoint = _ => _steps.TrySetResult() });
        ClusterNode standby = cluster.AddStandby();
        ClusterNode[] others = [.. Enumerable.Range(0, nodes).Select(_ => cluster.Add())];
        await cluster.AllAreUp();
        Task<TrainingResult> run = cluster.Train(nodes, nodes, shards);
        await _steps.Task.WaitAsync(Runs.Patience);
        await cluster.CrashLeader();
        TrainingResult result = await run;

        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Equal(_plain.History, result.History);
        Assert.Empty(LedgerAudit.Check(await JournalReader.ReadAsync(cluster.Ledger)).Violations);
        ClusterStatus status = (await standby.AskAsync<ClusterStatus>(new AskStatus(0), CancellationToken.None))!;
        Assert.Equal(("run", standby.Address), (status.RunId, status.Leader));
        Assert.All(others, node => Assert.False(node.Ended.IsCompleted || node.IsForsaken));
    }

    [Fact]
    public async Task A_run_that_a_user_stopped_is_not_gone_on_with_by_the_next_leader()
    {
        await using TestCluster cluster = new(Job with { Checkpoints = _store }, new Recorder { ThenCheckpoint = _ => _steps.TrySetResult() });
        ClusterNode standby = cluster.AddStandby();
        cluster.Add();
        await cluster.AllAreUp();
        Task<TrainingResult> run = cluster.Train(1, 1, 1);
        await _steps.Task.WaitAsync(Runs.Patience);
        await cluster.Coordinator.AskAsync<ClusterStatus>(new CancelRun(), CancellationToken.None);
        Assert.Equal(TrainingEnd.Interrupted, (await run).End);
        await cluster.CrashLeader();

        ClusterStatus status = await TestCluster.Eventually(standby, status => status.Leader == standby.Address);
        Assert.Equal(("run", RunPhase.Interrupted), (status.RunId, status.Phase));
    }

    [Fact]
    public async Task An_order_that_comes_again_after_a_change_of_leader_begins_no_second_run()
    {
        await using TestCluster cluster = new(Runs.Job());
        ClusterNode standby = cluster.AddStandby();
        cluster.Add();
        await cluster.AllAreUp();
        await cluster.Train(1, 1, 1);
        await TestCluster.Eventually(cluster.Coordinator, status => status.Phase == RunPhase.Completed);
        await cluster.CrashLeader();

        await TestCluster.Eventually(standby, status => status.Leader == standby.Address);
        RunAnswered again = (await standby.AskAsync<RunAnswered>(new SubmitRun("order", "", "run", 1, 1, 1, 0), CancellationToken.None))!;
        Assert.Equal(("run", ""), (again.RunId, again.Refusal));
        Assert.Equal(RunPhase.Completed, (await TestCluster.Eventually(standby, _ => true)).Phase);
    }

    [Fact]
    public async Task A_standby_that_could_not_lead_says_so_while_there_is_a_leader_and_leads_when_it_can()
    {
        await using TestCluster cluster = new(Runs.Job());
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        ClusterNode standby = cluster.AddStandby(JournalSettings.OrdersFile(Path.Combine(folder, "cluster.db")));
        cluster.Add();
        await cluster.AllAreUp();
        Assert.Contains(folder, await cluster.Says("This coordinator could not lead now"), StringComparison.Ordinal);

        Directory.CreateDirectory(folder);
        await cluster.CrashLeader();
        await TestCluster.Eventually(standby, status => status.Leader == standby.Address);
    }
}
