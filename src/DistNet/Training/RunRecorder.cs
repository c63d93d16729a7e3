using DistNet.Neural;

namespace DistNet;

/// <summary>Writes each epoch into the run's history before it is shown.</summary>
internal sealed class RunRecorder(RunFolder run, ITrainingObserver display) : ITrainingObserver
{
    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress) => display.OnProgress(progress);

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report)
    {
        run.AppendEpoch(report);
        display.OnEpoch(report);
    }

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path) => display.OnCheckpoint(version, path);
}
