using DistNet.Actors;

namespace DistNet;

/// <summary>Tells on a coordinator's node of the runs that its cluster is ordered, one after the other, by whomever.</summary>
/// <param name="cluster">The node's own cluster.</param>
/// <param name="terminal">Where it is told.</param>
internal sealed class RunLog(IClusterClient cluster, Terminal terminal)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Between two attempts to order the node's own run, which fail while its cluster or its data are not there.
    private static readonly TimeSpan OrderPause = TimeSpan.FromSeconds(5);

    private string _told = ""; // the newest run that was told of to its end
    private string _failure = "";

    /// <summary>Orders the node's own run, if it has one and there was no order before, and tells of all runs until it is told to stop.</summary>
    /// <param name="own">The run to order; null for none.</param>
    /// <param name="stop">Ends the telling, not the run.</param>
    public async Task TellAsync(Func<ClusterData, SubmitRun>? own, CancellationToken stop)
    {
        try
        {
            while (own is not null && _told.Length == 0)
            {
                await UnlessItFailsAsync(run => OrderAsync(run, own, stop), stop).ConfigureAwait(false);
                if (_told.Length == 0) await Task.Delay(OrderPause, stop).ConfigureAwait(false);
            }

            using var timer = new PeriodicTimer(Interval);
            while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
            {
                var status = await cluster.AskAsync<ClusterStatus>(new AskStatus(int.MaxValue), stop).ConfigureAwait(false);
                if (status is { RunId.Length: > 0 } && (status.RunId != _told || status.Phase == RunPhase.UnderWay))
                    await UnlessItFailsAsync(run => TellOfNextAsync(run, stop), stop).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // The node stops.
        }
    }

    private async Task OrderAsync(ClusterRun run, Func<ClusterData, SubmitRun> own, CancellationToken stop)
    {
        var data = await run.AskDataAsync(stop).ConfigureAwait(false);
        var name = await run.FindAsync("ordered before", stop).ConfigureAwait(false) ?? await run.SubmitAsync(own(data), stop).ConfigureAwait(false);
        await TellAsync(run, name, stop).ConfigureAwait(false);
    }

    private async Task TellOfNextAsync(ClusterRun run, CancellationToken stop)
    {
        await run.AskDataAsync(stop).ConfigureAwait(false);
        if (await run.FindAsync("ordered", stop).ConfigureAwait(false) is { } name) await TellAsync(run, name, stop).ConfigureAwait(false);
    }

    private async Task TellAsync(ClusterRun run, string name, CancellationToken stop)
    {
        _told = name;
        _failure = ""; // another run's
        if (await run.FollowAsync(stop).ConfigureAwait(false) is { } result) run.Conclude(result);
    }

    private async Task UnlessItFailsAsync(Func<ClusterRun, Task> tell, CancellationToken stop)
    {
        try
        {
            await tell(new ClusterRun(cluster, terminal.Output)).ConfigureAwait(false);
        }
        catch (Exception fault) when (!stop.IsCancellationRequested && ErrorPolicy.Expects(fault))
        {
            if (fault.Message != _failure) ErrorPolicy.Report(fault, terminal.Error);
            _failure = fault.Message;
        }
    }
}
