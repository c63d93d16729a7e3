using System.Diagnostics;
using System.Globalization;
using DistNet.Tests;
using DistNet.Tests.Cluster.Hostile;

namespace DistNet.Benchmarks;

/// <summary>A cluster of processes on loopback, with and without hostile traffic at both ports of
/// every node: memory of each node, and the run's hash.</summary>
internal static class HostileCluster
{
    /// <summary>Measures and prints.</summary>
    /// <param name="rounds">How often every node is attacked in every way; memory that grows from round to round leaks.</param>
    /// <param name="output">Where to.</param>
    public static async Task RunAsync(int rounds, TextWriter output)
    {
        using var work = new Workspace(training: 8000);
        var (attacked, calm) = await WatchedRun.TrainBothAsync(work, nodes => AttackAsync(nodes, rounds, output));
        for (var node = 0; node < attacked.Names.Length; node++)
        {
            var (before, after) = (calm.PeakMegabytes[node], attacked.PeakMegabytes[node]);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{attacked.Names[node],-20} peak {before,6:F1} MB calm, {after,6:F1} MB attacked: {after - before:+0.0;-0.0} MB"));
        }

        output.WriteLine($"exit code {attacked.Outcome.Code} when it was interrupted, {attacked.Outcome.Error.Split('\n').Length - 1} lines on standard error");
        output.WriteLine(attacked.IsExact ? "the weights are those of a replay on one thread" : $"WRONG: {attacked.Replay.Output}{attacked.Replay.Error}");
    }

    private static async Task AttackAsync(NodeUnderWatch[] nodes, int rounds, TextWriter output)
    {
        for (var round = 1; round <= rounds; round++)
            await Task.WhenAll(nodes.Select(node => AttackAsync(node, round, output)));
    }

    private static async Task AttackAsync(NodeUnderWatch node, int seed, TextWriter output)
    {
        var akka = new AkkaAttack(node.Port, seed);
        foreach (var (name, attack) in akka.OfStrangers.Concat(new TensorAttack(node.TensorPort, node.Secret, seed).All).Concat(akka.OfAssociates))
        {
            var (before, started) = (node.ResidentMegabytes, Stopwatch.GetTimestamp());
            await attack();
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{node.Name,-20} {name,-50} {before,6:F1} -> {node.ResidentMegabytes,6:F1} MB, {Stopwatch.GetElapsedTime(started).TotalSeconds,5:F1} s"));
        }

        await akka.AskAsync();
    }
}
