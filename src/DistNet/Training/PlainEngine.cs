using DistNet.Neural;

namespace DistNet;

/// <summary>One thread, no actors: the baseline.</summary>
internal sealed class PlainEngine(TimeProvider time) : IEngine
{
    /// <inheritdoc/>
    public Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken stop) =>
        Task.Factory.StartNew(() => Trainer.Train(job, observer, time, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
