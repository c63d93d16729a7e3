using System.CommandLine;
using DistNet.Actors;

namespace DistNet;

/// <summary>`distnet cancel`: has a cluster stop its run with a checkpoint.</summary>
internal static class CancelCommand
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var cluster = new ClusterOptions();
        var command = new ProgramCommand(
            "cancel", "Stop a cluster's run after the step under way, with a checkpoint to go on from", "distnet cancel --cluster coordinator:4053");
        command.Add([.. cluster.All]);
        command.SetAction((parsed, stop) => RunAsync(cluster, parsed, terminal, stop));
        return command;
    }

    private static async Task<int> RunAsync(ClusterOptions cluster, ParseResult parsed, Terminal terminal, CancellationToken stop)
    {
        var connection = cluster.Connect(parsed);
        await using (connection.ConfigureAwait(false))
        {
            var first = await cluster.AskAsync<ClusterStatus>(connection, new AskStatus(int.MaxValue), parsed, stop).ConfigureAwait(false);
            if (first.Phase != RunPhase.UnderWay)
            {
                terminal.Output.WriteLine("No run is under way.");
                return ExitCode.Success;
            }

            var last = await StoppedAsync(() => cluster.AskAsync<ClusterStatus>(connection, new CancelRun(), parsed, stop), stop).ConfigureAwait(false);
            terminal.Output.WriteLine(last.Phase == RunPhase.Interrupted
                ? $"run {last.RunId} was stopped after step {Figures.Whole(last.Version)}; go on with it by 'distnet submit --resume {last.RunId}'"
                : $"run {last.RunId} had ended before it could be stopped; see it with 'distnet status'");
            return ExitCode.Success;
        }
    }

    // The order to stop may be repeated; each is answered with how the run stands.
    private static async Task<ClusterStatus> StoppedAsync(Func<Task<ClusterStatus>> cancel, CancellationToken stop)
    {
        var asked = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval);
        while (TimeProvider.System.GetElapsedTime(asked) < Deadline)
        {
            var status = await cancel().ConfigureAwait(false);
            if (status.Phase != RunPhase.UnderWay) return status;
            await timer.WaitForNextTickAsync(stop).ConfigureAwait(false);
        }

        throw new IOException($"the run did not stop within {Deadline.TotalSeconds:0} seconds; it will once its step is complete, see 'distnet status'");
    }
}
