using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>Trains a job on the cluster, as <see cref="ActorTrainer"/> does in one process.</summary>
/// <param name="job">What to train.</param>
/// <param name="observer">Hears of progress.</param>
/// <param name="cancellationToken">Asks for a clean stop.</param>
public delegate Task<TrainingResult> ClusterTraining(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken);

/// <summary>Where runs begin and end on a coordinator's node: their folders, their data, their results.</summary>
public interface IRunHost
{
    /// <summary>Whether a run is under way here.</summary>
    bool IsTraining { get; }

    /// <summary>Begins a run, or opens one to go on with.</summary>
    /// <exception cref="ArgumentException">The specification is impossible.</exception>
    /// <exception cref="IOException">Data or run cannot be read, or the folder cannot be written.</exception>
    /// <exception cref="InvalidDataException">Data and run do not belong together.</exception>
    Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken);

    /// <summary>The data, and the newest run.</summary>
    /// <exception cref="IOException">The data cannot be read.</exception>
    /// <exception cref="InvalidDataException">The data is damaged.</exception>
    Task<ClusterData> DescribeDataAsync(CancellationToken cancellationToken);
}

/// <summary>A run that was opened.</summary>
public interface IHostedRun
{
    /// <summary>Its name.</summary>
    string Id { get; }

    /// <summary>Where its ledger is kept.</summary>
    JournalSettings Journal { get; }

    /// <summary>What it trains.</summary>
    TrainingSpec Spec { get; }

    /// <summary>Trains, evaluates, saves the model and the result.</summary>
    /// <param name="train">The cluster.</param>
    /// <param name="observer">Hears of progress besides.</param>
    /// <param name="cancellationToken">Asks for a clean stop.</param>
    /// <returns>The result as JSON; null if the run was interrupted.</returns>
    Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken);
}
