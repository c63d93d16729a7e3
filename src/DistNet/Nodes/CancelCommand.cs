using System.CommandLine;
using DistNet.Actors;

namespace DistNet;

/// <summary>`distnet cancel`: has a cluster stop its run with a checkpoint.</summary>
internal static class CancelCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal) => ClusterOptions.Command(
        "cancel", "Stop a cluster's run after the step under way, with a checkpoint to go on from", (ask, stop) => RunAsync(ask, terminal.Output, stop));

    private static async Task RunAsync(StatusQuestion ask, TextWriter output, CancellationToken stop)
    {
        var first = await ask(new AskStatus(int.MaxValue)).ConfigureAwait(false);
        if (first.Phase != RunPhase.UnderWay)
        {
            output.WriteLine("No run is under way.");
            return;
        }

        var last = await StoppedAsync(ask, stop).ConfigureAwait(false);
        output.WriteLine(last.Phase == RunPhase.Interrupted
            ? $"run {last.RunId} was stopped after step {Figures.Whole(last.Version)}; go on with it by 'distnet submit --resume {last.RunId}'"
            : $"run {last.RunId} had ended before it could be stopped; see it with 'distnet status'");
    }

    // The order to stop may be repeated; each is answered with how the run stands.
    private static async Task<ClusterStatus> StoppedAsync(StatusQuestion ask, CancellationToken stop)
    {
        var asked = TimeProvider.System.GetTimestamp();
        ClusterStatus status;
        using var timer = new PeriodicTimer(PollInterval);
        do
        {
            status = await ask(new CancelRun()).ConfigureAwait(false);
            if (status.Phase != RunPhase.UnderWay) return status;
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }
        while (TimeProvider.System.GetElapsedTime(asked) < Deadline);

        throw new IOException(
            $"run {status.RunId} did not stop within {Deadline.TotalSeconds:0} seconds, and has made step {Figures.Whole(status.Version)}; "
            + "it will once the step under way is complete, see 'distnet status'");
    }
}
