namespace DistNet.Neural;

/// <summary>An observer made of functions, each of which may be left out.</summary>
/// <remarks>They are called between two steps, one at a time, and the run waits for them. One that cancels the run's token stops it there.</remarks>
public sealed class TrainingCallbacks : ITrainingObserver
{
    /// <summary>Called after each step.</summary>
    public Action<TrainingProgress>? Step { get; init; }

    /// <summary>Called after each epoch.</summary>
    public Action<EpochReport>? Epoch { get; init; }

    /// <summary>Called when a checkpoint is safe, with the steps made and its name.</summary>
    public Action<long, string>? Checkpoint { get; init; }

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress) => Step?.Invoke(progress);

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => Epoch?.Invoke(report);

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path) => Checkpoint?.Invoke(version, path);
}
