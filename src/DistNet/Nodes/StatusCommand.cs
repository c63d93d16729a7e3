using System.CommandLine;
using DistNet.Actors;

namespace DistNet;

/// <summary>`distnet status`: what a cluster is doing.</summary>
internal static class StatusCommand
{
    private static readonly TimeSpan SpeedInterval = TimeSpan.FromMilliseconds(500);

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal) =>
        ClusterOptions.Command("status", "Show a cluster's nodes and its newest run", (ask, stop) => RunAsync(ask, terminal, stop));

    private static async Task RunAsync(StatusQuestion ask, Terminal terminal, CancellationToken stop)
    {
        var status = await ask(new AskStatus(int.MaxValue)).ConfigureAwait(false);
        var speed = status.Phase == RunPhase.UnderWay && status.Version > 0 ? await SpeedAsync(ask, status, stop).ConfigureAwait(false) : null;
        foreach (var node in status.Nodes) terminal.Output.WriteLine(Describe(node, status));
        if (status.Phase == RunPhase.None) terminal.Output.WriteLine("No run was submitted yet; begin one with 'distnet submit'.");
        else terminal.Output.WriteLine($"run {status.RunId} {Describe(status)}{speed}");
    }

    /// <summary>Examples per second between two questions; nothing where the run went back to a checkpoint
    /// between them, or an epoch is yet to be validated.</summary>
    private static async Task<string?> SpeedAsync(StatusQuestion ask, ClusterStatus first, CancellationToken stop)
    {
        var asked = TimeProvider.System.GetTimestamp();
        await Task.Delay(SpeedInterval, stop).ConfigureAwait(false);
        var second = await ask(new AskStatus(first.Epoch - 1)).ConfigureAwait(false); // with the reports of epochs that were completed meanwhile
        var complete = second.Epochs.Where(epoch => epoch.Epoch < second.Epoch).ToArray();
        var examples = complete.Sum(epoch => epoch.Training.Examples) + second.Statistics.Examples - first.Statistics.Examples;
        return second.Version >= first.Version && complete.Length == second.Epoch - first.Epoch
            ? $", {Figures.Whole(examples / TimeProvider.System.GetElapsedTime(asked).TotalSeconds)} examples/s"
            : null;
    }

    private static string Describe(NodeFigures node, ClusterStatus status)
    {
        var leases = status.Leases.Count(holder => holder == node.Address);
        string?[] parts =
        [
            .. node.Roles,
            node.Slots > 0 ? $"{node.Slots} {(node.Slots == 1 ? "worker" : "workers")}" : null,
            leases > 0 ? $"leases {leases} of {status.Leases.Count} shares of each step" : null,
            node.Address == status.Leader ? "leads" : null,
        ];
        return $"node {node.Address}  {string.Join(", ", parts.Where(part => part is not null))}";
    }

    private static string Describe(ClusterStatus status) => status.Phase switch
    {
        RunPhase.UnderWay => $"{status.Text}; epoch {status.Epoch}, loss {Figures.Loss(status.Statistics.MeanLoss)}",
        RunPhase.Completed => $"is complete: {status.Text}",
        RunPhase.Interrupted => $"was interrupted; go on with it by 'distnet submit --resume {status.RunId}'",
        _ => $"failed: {status.Text}",
    };
}
