using System.Diagnostics;
using System.Globalization;
using DistNet.Tests;
using DistNet.Tests.Cluster;

namespace DistNet.Benchmarks;

/// <summary>How long steps stand still when a process of a cluster is killed: the longest time between two epochs, of some fifty milliseconds each, that a
/// user sees from then on.</summary>
internal static class RecoveryWatch
{
    private const int Kills = 3;

    // Epochs that are seen before a kill, so that the run is steady; and how long the longest pause is looked for after it.
    private const int SteadyEpochs = 40;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(12);

    private static readonly (string Shape, string[] Options, string[] Roles)[] Clusters =
    [
        ("--nodes 3 --parameter-servers 1", ["--nodes", "3", "--parameter-servers", "1"], ["worker", "parameter-server", "coordinator"]),
        ("--nodes 3, whose workers keep the parameters", ["--nodes", "3"], ["worker", "coordinator"]),
    ];

    private static readonly string[] Run = ["--hidden", "48", "--batch", "64", "--epochs", "1000000"];

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using var work = new Workspace(training: 4000);
        foreach (var (shape, options, roles) in Clusters)
        {
            output.WriteLine(shape);
            using var run = ClusterRun.Start(work.Train([.. options, .. Run]));
            foreach (var role in roles)
            {
                List<double> pauses = [];
                for (var kill = 0; kill < Kills; kill++) pauses.Add(await KillAsync(run, role));
                Print(role, pauses, output);
            }
        }

        output.WriteLine("two coordinators, of which one stands by, and two other nodes");
        List<double> successions = [];
        for (var kill = 0; kill < Kills; kill++) successions.Add(await SucceedAsync(work));
        Print("leader", successions, output);
    }

    private static void Print(string role, List<double> pauses, TextWriter output)
    {
        pauses.Sort();
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"  {role,-18} killed {Kills} times: steps go on after {pauses[Kills / 2]:F1} s (median; {pauses[0]:F1} to {pauses[^1]:F1})"));
    }

    private static Task<double> KillAsync(ClusterRun run, string role) => WatchAsync(run, () => run.Nodes(role)[0]);

    // The cluster is another each time, since the leader that was killed does not come back.
    private static async Task<double> SucceedAsync(Workspace work)
    {
        using var cluster = await NodeCluster.Start(work.Data, Path.Combine(work.Root, Path.GetRandomFileName()));
        using var client = cluster.Submit(Run);
        return await WatchAsync(client, () => cluster.Leader.Id);
    }

    private static async Task<double> WatchAsync(DistNetProcess run, Func<int> victim)
    {
        for (var epoch = 0; epoch < SteadyEpochs; epoch++) await run.LineWith("epoch ");
        ClusterRun.Send(ClusterRun.Kill, victim());
        var (killed, last, longest) = (Stopwatch.GetTimestamp(), Stopwatch.GetTimestamp(), TimeSpan.Zero);
        while (Stopwatch.GetElapsedTime(killed) < Watched)
        {
            await run.LineWith("epoch ");
            var pause = Stopwatch.GetElapsedTime(last);
            longest = pause > longest ? pause : longest;
            last = Stopwatch.GetTimestamp();
        }

        return longest.TotalSeconds;
    }
}
