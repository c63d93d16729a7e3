namespace DistNet.Tests.Cluster.Hostile;

/// <summary>A cluster of two worker processes that trains until it is interrupted, so that whatever happens
/// to its nodes happens in mid-run, however fast they are.</summary>
/// <param name="PeakMegabytes">The most that each node has held, by the order of their names.</param>
/// <param name="Names">Their names.</param>
/// <param name="Outcome">How the program ended.</param>
/// <param name="Replay">What `distnet audit --replay` said of the run.</param>
internal sealed record WatchedRun(double[] PeakMegabytes, string[] Names, Outcome Outcome, Outcome Replay)
{
    // Far more than any machine makes in the time.
    private const string Epochs = "100000";

    private const int LastLines = 25;

    // Late enough that every node has computed.
    private const string BeginsAfter = "epoch 10/";

    /// <summary>Whether every example was counted once, and one thread makes the same weights.</summary>
    public bool IsExact => Replay.Code == 0 && Replay.Output.Contains("Replayed on one thread: the same weights", StringComparison.Ordinal);

    /// <summary>The last epoch that the user saw.</summary>
    private string LastEpoch => Outcome.Output.Split('\n').Last(line => line.StartsWith("epoch ", StringComparison.Ordinal)).Split('/')[0] + '/';

    /// <summary>A run to whose nodes something happens, and after it one that was left in peace for as
    /// many epochs: memory grows with time alone as well.</summary>
    /// <param name="work">Has the images.</param>
    /// <param name="meanwhile">What happens to the nodes; the run is interrupted when it has.</param>
    public static async Task<(WatchedRun Disturbed, WatchedRun Calm)> TrainBothAsync(Workspace work, Func<NodeUnderWatch[], Task> meanwhile)
    {
        var disturbed = await TrainAsync(work, "disturbed", (_, nodes) => meanwhile(nodes));
        return (disturbed, await TrainAsync(work, "calm", (run, _) => run.LineWith(disturbed.LastEpoch)));
    }

    // The folder is gone when the failure is read.
    private static string LastWords(string runs) => string.Concat(
        Directory.GetFiles(runs, "*.log", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Select(log => $"\n== {Path.GetFileName(log)}\n{string.Join('\n', File.ReadLines(log).TakeLast(LastLines))}"));

    private static async Task<WatchedRun> TrainAsync(Workspace work, string name, Func<ClusterRun, NodeUnderWatch[], Task> meanwhile)
    {
        var runs = Path.Combine(work.Root, name);
        using var run = ClusterRun.Start(work.Train(
            "--runs", runs, "--hidden", "48", "--batch", "8", "--micro-batch", "2", "--epochs", Epochs, "--nodes", "2"));
        await run.LineWith(BeginsAfter);
        var nodes = NodeUnderWatch.Of(runs, run.Nodes());
        try
        {
            await meanwhile(run, nodes);
        }
        catch (Exception failure)
        {
            throw new InvalidOperationException($"{failure.Message} The nodes' last words:{LastWords(runs)}", failure);
        }

        double[] peaks = [.. nodes.Select(node => node.PeakMegabytes)];
        run.InterruptAll();
        var outcome = await run.End();
        return new WatchedRun(peaks, [.. nodes.Select(node => node.Name)], outcome, await Workspace.Run(["audit", "latest", "--replay", "--runs", runs]));
    }
}
