using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>What clients are told of the newest run; written by the coordinator's threads, read by the run manager's.</summary>
internal sealed class RunBoard : ITrainingObserver
{
    private readonly Lock _gate = new();
    private readonly List<EpochFigures> _epochs = [];
    private string _runId = "";
    private RunPhase _phase;
    private string _text = "";
    private TrainingProgress _progress;
    private IReadOnlyList<string> _leases = [];

    /// <summary>A run is under way.</summary>
    public void Begin(string runId)
    {
        lock (_gate)
        {
            (_runId, _phase, _text, _progress, _leases) = (runId, RunPhase.UnderWay, "", default, []);
            _epochs.Clear();
        }
    }

    /// <summary>What it is doing, in a sentence.</summary>
    public void Describe(string text)
    {
        lock (_gate)
            _text = _phase == RunPhase.UnderWay ? text : _text;
    }

    /// <summary>Its work was leased anew, to these workers.</summary>
    public void Lease(IReadOnlyList<string> workers)
    {
        string[] nodes = [.. workers.Select(Addresses.NodeOf)];
        lock (_gate)
            _leases = nodes;
    }

    /// <summary>Epochs that were complete before this coordinator led, which a client may not have heard of.</summary>
    public void Know(IEnumerable<EpochReport> history)
    {
        foreach (EpochReport report in history)
            OnEpoch(report);
    }

    /// <summary>It is over.</summary>
    public void End(RunPhase phase, string text)
    {
        lock (_gate)
            (_phase, _text, _leases) = (phase, text, []);
    }

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        lock (_gate)
            _progress = progress;
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        lock (_gate)
            _epochs.Add(new EpochFigures(report.Epoch, report.Training, report.Validation is not null, report.Validation ?? default));
    }

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // Clients are told of steps and epochs.
    }

    /// <summary>All of it, but the epochs that the client has, and of the others no more than a message takes.</summary>
    public ClusterStatus Status(int epochsKnown, IReadOnlyList<NodeFigures> nodes, string leader)
    {
        lock (_gate)
            return new ClusterStatus(
                _runId, _phase, _text, _progress.Version, _progress.Epoch, _progress.EpochStatistics,
                [.. _epochs.Where(epoch => epoch.Epoch > epochsKnown).Take(ClusterStatus.MostEpochs)], nodes, leader, _leases);
    }
}
