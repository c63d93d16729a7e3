using DistNet.Neural;

namespace DistNet;

/// <summary>What makes the steps; every engine makes the same ones, to the bit.</summary>
internal interface IEngine : IAsyncDisposable
{
    /// <summary>Makes or continues a run.</summary>
    Task<TrainingResult> TrainAsync(TrainingJob job, ITrainingObserver observer, CancellationToken stop);
}
