using System.Text.RegularExpressions;

namespace DistNet.Tests.Cluster;

/// <summary>What a client sees of a cluster that trains what it ordered: `submit` without --wait, and `status`.</summary>
[Collection(Processes.Name)]
public sealed partial class OrderSpecs : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    // Two micro-batches a step, one for each worker; an epoch of 10,000 steps outlasts the half second over which the speed is taken.
    private static readonly string[] LongRun = ["--hidden", "16", "--batch", "2", "--micro-batch", "1", "--epochs", "1000"];

    private readonly Workspace _work = new(training: 20_000);

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task A_cluster_shows_how_it_trains_takes_no_second_order_meanwhile_is_cancelled_and_takes_another()
    {
        using var cluster = await NodeCluster.Start(_work.Data, _work.Runs);
        var run = await Submit(cluster, LongRun);
        var lines = (await StatusOf(cluster, output => TrainingLine().IsMatch(output))).Split('\n');
        Assert.Single(lines, $"node {cluster.LeaderAddress}  coordinator, leads");
        Assert.Single(lines, $"node {cluster.StandbyAddress}  coordinator");
        Assert.Equal(2, lines.Count(line => WorkerLine().IsMatch(line)));
        Assert.Single(lines, line => line.StartsWith($"run {run} trains: ", StringComparison.Ordinal));
        var second = await Refused(cluster, LongRun);
        Assert.Contains($"Run {run} is under way; wait for its end, or stop it with 'distnet cancel'", second.Sentence, StringComparison.Ordinal);

        var cancelled = await Workspace.Run("cancel", "--cluster", cluster.LeaderAddress);
        Assert.Matches($"^run {run} was stopped after step [1-9][0-9,]*; go on with it by 'distnet submit --resume {run}'", cancelled.Output);
        Assert.Equal("No run is under way.", (await Workspace.Run("cancel", "--cluster", cluster.LeaderAddress)).Output.Trim());

        string[] options = ["--hidden", "16", "--batch", "256", "--epochs", "2"];
        var other = await Submit(cluster, options);
        var last = await StatusOf(cluster, output => output.Contains($"run {other} is complete: ", StringComparison.Ordinal));
        var plain = await Workspace.Run(_work.Train([.. options, "--plain", "--json", "--runs", Path.Combine(_work.Root, "plain")]));
        Assert.Contains($"\"weightsSha256\":\"{plain.Sha256}\"", last, StringComparison.Ordinal);

        var result = Path.Combine(_work.Runs, other, "result.json");
        var before = await File.ReadAllTextAsync(result);
        Assert.Contains($"run {other} is complete, there is nothing to resume", (await Refused(cluster, "--resume", other)).Sentence, StringComparison.Ordinal);
        Assert.Equal(before, await File.ReadAllTextAsync(result));
    }

    [Fact]
    public async Task A_cluster_with_a_table_trains_the_network_that_fits_it_and_is_told_the_loss_of_a_regression()
    {
        var table = Path.Combine(_work.Root, "line.csv");
        await File.WriteAllLinesAsync(table, ["x,y", .. Enumerable.Range(0, 40).Select(i => $"{i},{(2 * i) + 1}")]);
        string[] data = ["--data", table, "--target", "y"];
        using var node = NodeCluster.Node("coordinator,worker,parameter-server", [.. data, "--runs", _work.Runs, "--slots", "1", "--train", "--epochs 3"]);
        Assert.Contains("1 -> 64 relu -> 1 linear, adam", await node.LineWith("network "), StringComparison.Ordinal);
        Assert.Matches(@"^test loss \S+$", await node.LineWith("test "));
        var weights = await node.LineWith("weights SHA-256");

        var plain = await Workspace.Run(["train", .. data, "--epochs", "3", "--plain", "--json", "--runs", Path.Combine(_work.Root, "plain")]);
        Assert.EndsWith(plain.Sha256, weights, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_resumes_a_run_that_was_interrupted_elsewhere_to_the_bits_of_one_that_never_was()
    {
        string[] options = ["--hidden", "512", "--batch", "256", "--epochs", "12"];
        using var interrupted = DistNetProcess.Start(_work.Train([.. options, "--plain"]));
        await interrupted.LineWith("epoch 1/");
        interrupted.Signal(ClusterRun.Interrupt);
        Assert.Equal(130, (await interrupted.End()).Code);
        using var cluster = await NodeCluster.Start(_work.Data, _work.Runs);
        using var client = cluster.Submit("--resume", "latest", "--json");
        var resumed = await client.End();

        Assert.True(resumed.Code == 0, resumed.Error);
        Assert.Contains(", resumed)", resumed.Error, StringComparison.Ordinal);
        var plain = await Workspace.Run(_work.Train([.. options, "--plain", "--json", "--runs", Path.Combine(_work.Root, "plain")]));
        Assert.Equal(plain.Sha256, resumed.Sha256);
    }

    /// <summary>Orders a run, for which nobody waits.</summary>
    /// <returns>Its name.</returns>
    private static async Task<string> Submit(NodeCluster cluster, string[] options)
    {
        var outcome = await Workspace.Run(["submit", "--cluster", cluster.LeaderAddress, "--workers", "2", "--parameter-servers", "2", "--json", .. options]);
        Assert.True(outcome.Code == 0, outcome.Error);
        return outcome.Result.GetProperty("run").GetString()!;
    }

    private static async Task<Outcome> Refused(NodeCluster cluster, params string[] options)
    {
        var outcome = await Workspace.Run(["submit", "--cluster", cluster.LeaderAddress, "--workers", "2", "--parameter-servers", "2", .. options]);
        Assert.Equal(1, outcome.Code);
        return outcome;
    }

    private static async Task<string> StatusOf(NodeCluster cluster, Func<string, bool> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (true)
        {
            var outcome = await Workspace.Run("status", "--cluster", cluster.LeaderAddress);
            if (outcome.Code == 0 && condition(outcome.Output)) return outcome.Output;
            if (deadline.IsCancellationRequested) throw new TimeoutException($"The cluster said last: {outcome.Output}{outcome.Error}");
        }
    }

    // What a run does is told every second, its steps sooner, and no speed where the epoch has just changed.
    [GeneratedRegex(
        "\nrun [^ ]+ trains: generation [1-9][0-9]*, 2 workers, step [0-9]+ of 10000000, .*; epoch [1-9][0-9]*, loss [0-9.]+, [0-9,]+ examples/s\n")]
    private static partial Regex TrainingLine();

    [GeneratedRegex("^node 127.0.0.1:[0-9]+  worker, parameter-server, 1 worker, leases 1 of 2 shares of each step$")]
    private static partial Regex WorkerLine();
}
