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

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(TextWriter output)
    {
        using var work = new Workspace(training: 4000);
        foreach (var (shape, options, roles) in Clusters)
        {
            output.WriteLine(shape);
            using var run = ClusterRun.Start(work.Train([.. options, "--hidden", "48", "--batch", "64", "--epochs", "1000000"]));
            foreach (var role in roles)
            {
                List<double> pauses = [];
                for (var kill = 0; kill < Kills; kill++) pauses.Add(await KillAsync(run, role));
                pauses.Sort();
                output.WriteLine(string.Create(
                    CultureInfo.InvariantCulture, $"  {role,-18} killed {Kills} times: steps go on after {pauses[Kills / 2]:F1} s (median; {pauses[0]:F1} to {pauses[^1]:F1})"));
            }
        }
    }

    private static async Task<double> KillAsync(ClusterRun run, string role)
    {
        for (var epoch = 0; epoch < SteadyEpochs; epoch++) await run.LineWith("epoch ");
        ClusterRun.Send(ClusterRun.Kill, run.Nodes(role)[0]);
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
