namespace DistNet.Tests.Cluster;

/// <summary>Whatever happens to the processes of a cluster, the run ends with the bits of one to which nothing happened.</summary>
[Collection(Processes.Name)]
public sealed class ClusterFailureSpecs(CalmRun calm)
{
    private const string Worker = "worker";
    private const string ParameterServer = "parameter-server";
    private const string Coordinator = "coordinator";

    [Theory]
    [InlineData(Worker, "--nodes 1")]
    [InlineData(Worker, "--nodes 2")]
    [InlineData(Worker, "--nodes 2 --workers 4")]
    [InlineData(Worker, "--nodes 2 --parameter-servers 1")]
    [InlineData(ParameterServer, "--nodes 2 --parameter-servers 1")]
    [InlineData(ParameterServer, "--nodes 1 --parameter-servers 2")]
    [InlineData(Coordinator, "--nodes 2")]
    public async Task A_process_that_is_killed_in_mid_run_comes_back_and_no_bit_differs(string role, string engine)
    {
        using var run = await Begun(engine);
        ClusterRun.Send(ClusterRun.Kill, run.Nodes(role)[0]);
        var outcome = await EndsAsTheCalmRun(run);
        Assert.Contains("ended with code 137", outcome.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_coordinator_and_its_only_worker_killed_together_come_back_and_no_bit_differs()
    {
        using var run = await Begun("--nodes 1");
        ClusterRun.Send(ClusterRun.Kill, run.Nodes());
        var outcome = await EndsAsTheCalmRun(run);
        Assert.Contains("ended with code 137", outcome.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Worker, "--nodes 2")]
    [InlineData(ParameterServer, "--nodes 1 --parameter-servers 2")]
    public async Task A_process_that_is_paused_for_longer_than_the_others_wait_loses_its_share_and_no_bit_differs(string role, string engine)
    {
        var runs = calm.NewRuns();
        using var run = await Begun(engine, runs);
        var paused = run.Nodes(role)[0];
        ClusterRun.Send(ClusterRun.Stop, paused);
        await CoordinatorSays(runs, "is taken for lost");
        ClusterRun.Send(ClusterRun.Continue, paused);
        await EndsAsTheCalmRun(run);
    }

    private static async Task CoordinatorSays(string runs, string words)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        var log = Directory.GetFiles(runs, "coordinator*.log", SearchOption.AllDirectories).Single();
        while (!(await File.ReadAllTextAsync(log, deadline.Token)).Contains(words, StringComparison.Ordinal)) await Task.Delay(50, deadline.Token);
    }

    private async Task<ClusterRun> Begun(string engine, string? runs = null)
    {
        var run = ClusterRun.Start(calm.Train(runs ?? calm.NewRuns(), engine.Split(' ')));
        await run.LineWith(CalmRun.IsUnderWay);
        run.Nodes();
        return run;
    }

    private async Task<Outcome> EndsAsTheCalmRun(ClusterRun run)
    {
        var outcome = await run.End();
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Contains($"weights SHA-256 {calm.Sha256}", outcome.Output, StringComparison.Ordinal);
        await run.NobodyIsLeft();
        return outcome;
    }
}
