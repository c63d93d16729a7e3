using DistNet.Actors.Tests;

namespace DistNet.Tests.Cluster;

/// <summary>Two coordinators with one folder of runs: when the leader goes the other leads, and the client that waits sees the run's end.</summary>
[Collection(Processes.Name)]
public sealed class StandbySpecs(CalmRun calm, PostgresServer postgres) : IClassFixture<PostgresServer>
{
    [Fact]
    public async Task A_leader_that_is_killed_is_succeeded_by_its_standby_and_no_bit_differs()
    {
        using var cluster = await NodeCluster.Start(calm.Data, calm.NewRuns());
        await Ends(cluster, () => Killed(cluster));
    }

    [PostgresFact]
    public async Task So_it_is_where_orders_and_ledger_are_on_a_PostgreSQL_server_and_the_run_goes_on_when_that_is_back()
    {
        using var cluster = await NodeCluster.Start(
            calm.Data, calm.NewRuns(), "--journal-provider", "PostgreSQL.15", "--journal-connection", postgres.ConnectionString);
        await Ends(cluster, async () =>
        {
            postgres.Stop();
            await cluster.Says("journal does not answer"); // and the leader leads on meanwhile
            postgres.Start();
            await Killed(cluster);
        });
        Assert.Empty(Directory.EnumerateFiles(cluster.Runs, "*.db", SearchOption.AllDirectories));
    }

    [Fact]
    public async Task A_leader_that_is_told_to_stop_hands_its_run_over()
    {
        using var cluster = await NodeCluster.Start(calm.Data, calm.NewRuns());
        await Ends(cluster, async () =>
        {
            cluster.Leader.Signal(ClusterRun.Terminate);
            Assert.Equal(0, (await cluster.Leader.End()).Code);
        });
    }

    [Fact]
    public async Task A_leader_that_was_paused_until_its_standby_leads_ends_without_harm_to_the_run()
    {
        using var cluster = await NodeCluster.Start(calm.Data, calm.NewRuns());
        await Ends(cluster, async () =>
        {
            cluster.Leader.Signal(ClusterRun.Stop);
            await cluster.StandbyLeads();
            cluster.Leader.Signal(ClusterRun.Continue);
            Assert.Equal(75, (await cluster.Leader.End()).Code);
        });
    }

    [Fact]
    public async Task A_coordinator_that_was_stopped_and_is_started_again_goes_on_with_its_run_by_itself_though_its_newest_checkpoint_is_damaged()
    {
        var runs = calm.NewRuns();
        string[] node = ["--data", calm.Data, "--runs", runs, "--slots", "1", "--train", string.Join(' ', CalmRun.Options)];
        using var first = NodeCluster.Node("coordinator,worker,parameter-server", node);
        await first.LineWith(CalmRun.IsUnderWay);
        first.Signal(ClusterRun.Terminate);
        Assert.Equal(0, (await first.End()).Code);
        var newest = Directory.GetFiles(runs, "*.safetensors", SearchOption.AllDirectories).Order().Last();
        await File.WriteAllBytesAsync(newest, (await File.ReadAllBytesAsync(newest))[..1000]);

        using var second = NodeCluster.Node("coordinator,worker,parameter-server", node);
        await second.LineWith("(ordered before)");
        Assert.Contains(calm.Sha256, await second.LineWith("weights SHA-256"), StringComparison.Ordinal);
        second.Signal(ClusterRun.Terminate);
        Assert.Contains("passed over", (await second.End()).Error, StringComparison.Ordinal);
    }

    private static Task Killed(NodeCluster cluster)
    {
        cluster.Leader.Signal(ClusterRun.Kill);
        return Task.CompletedTask;
    }

    private async Task Ends(NodeCluster cluster, Func<Task> harm)
    {
        using var client = cluster.Submit(CalmRun.Options);
        await client.LineWith(CalmRun.IsUnderWay);
        await harm();
        var outcome = await client.End();

        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains($"weights SHA-256 {calm.Sha256}", outcome.Output, StringComparison.Ordinal);
        Assert.All(cluster.Others, node => Assert.False(node.HasExited));
        var audit = await cluster.Audit();
        Assert.True(audit.Code == 0, audit.Output + audit.Error);
        Assert.Matches("[1-9][0-9]* roll-back", audit.Output); // more than one where a busy machine kept a node silent
    }
}
