using System.Globalization;
using DistNet.Tests.Cluster;

namespace DistNet.Benchmarks;

/// <summary>Trains MNIST in a cluster of processes that keeps every core busy, and counts what its members took for a failure. Nothing fails, so nothing
/// should be counted.</summary>
/// <remarks>The members are asked, by what they wrote down: a bystander that computes nothing would hear every heartbeat in time.</remarks>
internal static class HeartbeatWatch
{
    private const int MostEpochs = 100_000;

    // What the nodes write down (MembershipLog, Coordinator, RunManager, and Akka's failure detector and heartbeat sender).
    private static readonly (string Name, string Text)[] Events =
    [
        ("members unreachable", " is unreachable."),
        ("nodes taken for lost", " is taken for lost"),
        ("nodes lost to the run manager", " is lost."),
        ("heartbeats late in coming", "heartbeat interval is growing too large"),
        ("heartbeats late in being sent", "heartbeat was delayed"),
        ("leases revoked", " is revoked: "),
        ("generations beyond the first", " begins, with "),
    ];

    /// <summary>Watches and prints.</summary>
    /// <param name="minutes">How long.</param>
    /// <param name="output">Where to.</param>
    /// <returns>What was counted, in all.</returns>
    public static async Task<int> RunAsync(double minutes, TextWriter output)
    {
        var runs = Directory.CreateTempSubdirectory("distnet-heartbeats-").FullName;
        var nodes = Math.Max(3, Environment.ProcessorCount);
        using var run = ClusterRun.Start("train", "--nodes", $"{nodes}", "--epochs", $"{MostEpochs}", "--runs", runs);
        await run.LineWith("epoch 1/");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{run.Nodes().Length} processes on {Environment.ProcessorCount} cores train for {minutes:0.#} minutes; their logs are in {runs}"));
        var end = run.End(TimeSpan.FromMinutes(minutes) + TimeSpan.FromMinutes(3));
        if (await Task.WhenAny(end, Task.Delay(TimeSpan.FromMinutes(minutes))) == end)
            throw new InvalidOperationException($"The run ended by itself: {(await end).Error}");
        run.Signal(ClusterRun.Terminate);
        output.WriteLine((await end).Output.Split('\n').Last(line => line.StartsWith("Stopped after step ", StringComparison.Ordinal)));
        return Count(Directory.GetFiles(runs, "*.log", SearchOption.AllDirectories), output);
    }

    private static int Count(string[] logs, TextWriter output)
    {
        var total = 0;
        var lines = logs.SelectMany(log => File.ReadLines(log).Select(line => $"{Path.GetFileNameWithoutExtension(log)}: {line}")).ToArray();
        foreach (var (name, text) in Events)
        {
            string[] found = [.. lines.Where(line => line.Contains(text, StringComparison.Ordinal))];
            output.WriteLine($"{found.Length,6} {name}");
            foreach (var line in found) output.WriteLine($"       {line}");
            total += found.Length;
        }

        return total;
    }
}
