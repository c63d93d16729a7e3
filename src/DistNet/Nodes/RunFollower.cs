using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>Follows one run of a cluster to its end, whichever coordinator leads meanwhile.</summary>
/// <param name="cluster">Takes questions.</param>
/// <param name="runId">The run.</param>
/// <param name="epochsShown">The newest epoch that the observer has heard of, or 0.</param>
internal sealed class RunFollower(IClusterClient cluster, string runId, int epochsShown)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(100);

    // A cluster without a standby is silent until its coordinator was started again.
    private static readonly TimeSpan SilenceDeadline = TimeSpan.FromMinutes(2);

    // What the observer was told: a coordinator's successor may report some of it again.
    private int _epochsShown = epochsShown;
    private long _version = -1;

    /// <summary>Steps made, as far as was heard.</summary>
    public long Version => Math.Max(0, Volatile.Read(ref _version));

    /// <summary>Tells the observer of progress until the run is over.</summary>
    /// <param name="observer">Hears of each epoch once.</param>
    /// <param name="question">Asked again and again, given the newest epoch shown: <see cref="AskStatus"/>, or <see cref="CancelRun"/>.</param>
    /// <param name="stop">Ends the following, not the run.</param>
    /// <returns>How it ended: completed or interrupted.</returns>
    /// <exception cref="TrainingFailedException">It failed, another has taken its place, or the cluster was silent for two minutes.</exception>
    /// <exception cref="OperationCanceledException">The follower was told to stop.</exception>
    public async Task<ClusterStatus> FollowAsync(ITrainingObserver observer, Func<int, object> question, CancellationToken stop)
    {
        var heard = TimeProvider.System.GetTimestamp();
        using var timer = new PeriodicTimer(PollInterval);
        while (await timer.WaitForNextTickAsync(stop).ConfigureAwait(false))
        {
            var status = await cluster.AskAsync<ClusterStatus>(question(_epochsShown), stop).ConfigureAwait(false);
            if (!IsOfRun(status))
            {
                if (TimeProvider.System.GetElapsedTime(heard) < SilenceDeadline) continue;
                throw new TrainingFailedException(
                    $"The cluster at {cluster.Nodes} has said nothing of run {runId} since step {Figures.Whole(Version)}, for {SilenceDeadline.TotalMinutes:0} minutes; "
                    + "is a coordinator there?");
            }

            heard = TimeProvider.System.GetTimestamp();
            Show(status!, observer);
            if (status!.Epochs.Count == ClusterStatus.MostEpochs) continue;
            if (status.Phase is RunPhase.Completed or RunPhase.Interrupted) return status;
            if (status.Phase == RunPhase.Failed) throw new TrainingFailedException(status.Text);
        }

        throw new InvalidOperationException("The timer ended.");
    }

    /// <summary>Tells the observer of the epochs that it has not heard of.</summary>
    public void ShowEpochs(IEnumerable<EpochReport> reports, ITrainingObserver observer)
    {
        foreach (var report in reports.Where(report => report.Epoch > _epochsShown))
        {
            observer.OnEpoch(report);
            _epochsShown = report.Epoch;
        }
    }

    private bool IsOfRun(ClusterStatus? status)
    {
        if (status is null || status.RunId.Length == 0) return false;
        return status.RunId == runId ? true : throw new TrainingFailedException($"The cluster trains run {status.RunId} now, not {runId}");
    }

    private void Show(ClusterStatus status, ITrainingObserver observer)
    {
        ShowEpochs(status.Epochs.Select(epoch => new EpochReport(epoch.Epoch, epoch.Training, epoch.HasValidation ? epoch.Validation : null)), observer);
        if (status.Version != _version || status.Version == 0) observer.OnProgress(new TrainingProgress(status.Version, status.Epoch, status.Statistics));
        Volatile.Write(ref _version, status.Version);
    }
}
