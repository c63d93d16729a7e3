using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>Coordinator, workers and parameter server in one actor system, which starts while the images are loaded.</summary>
internal sealed class ActorEngine(EngineSettings settings, TextWriter error, TimeProvider time) : IEngine
{
    private readonly ActorTrainer _trainer =
        new(new ActorTrainerOptions { Workers = settings.Workers, ParameterShards = settings.ParameterShards, KeepsLedger = settings.KeepsLedger, Log = error.WriteLine });

    /// <inheritdoc/>
    public Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken stop) =>
        _trainer.TrainAsync(job, observer, time, settings.KeepsLedger && job.Checkpoints is RunFolder run ? new LedgerSettings(run.Id, JournalOptions.FileOf(run)) : null, stop);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _trainer.DisposeAsync();
}
