using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Trains a job on the cluster, as <see cref="ActorTrainer"/> does in one process.</summary>
/// <param name="job">What to train.</param>
/// <param name="observer">Hears of progress.</param>
/// <param name="cancellationToken">Asks for an end before the run has a coordinator.</param>
public delegate Task<ClusterTrainingResult> ClusterTraining(TrainingJob job, ITrainingObserver observer, CancellationToken cancellationToken);

/// <summary>What came of a run on a cluster.</summary>
/// <param name="Training">The result.</param>
/// <param name="Workers">Workers that took part, at most at one time.</param>
/// <param name="Nodes">Nodes that computed or kept parameters, at most at one time.</param>
public readonly record struct ClusterTrainingResult(TrainingResult Training, int Workers, int Nodes);

/// <summary>Where runs begin and end on a coordinator's node: their folders, their data, their results.</summary>
public interface IRunHost
{
    /// <summary>Whether a run is under way here.</summary>
    bool IsTraining { get; }

    /// <summary>Where the cluster's orders are kept, for all its coordinators the same; a file was looked at with <see cref="JournalFile.Prepare"/>.</summary>
    JournalSettings Orders { get; }

    /// <summary>Begins a run, or opens one to go on with.</summary>
    /// <exception cref="ArgumentException">The specification is impossible.</exception>
    /// <exception cref="IOException">Data or run cannot be read, or the folder cannot be written.</exception>
    /// <exception cref="InvalidDataException">Data and run do not belong together.</exception>
    Task<IHostedRun> OpenAsync(SubmitRun order, CancellationToken cancellationToken);

    /// <summary>Opens the run of an order that an earlier leader took, whose process may still have to let go of it: training waits for that, opening does
    /// not.</summary>
    /// <exception cref="IOException">Data or run cannot be read now, or the ledger's server does not answer.</exception>
    /// <exception cref="InvalidDataException">Data and run do not belong together.</exception>
    Task<IHostedRun> ReopenAsync(OrderAccepted order, CancellationToken cancellationToken);

    /// <summary>The data.</summary>
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

    /// <summary>Its result as JSON, or null if it is not complete.</summary>
    /// <exception cref="InvalidDataException">The result is damaged.</exception>
    string? ReadResult();

    /// <summary>Trains, evaluates, saves the model and the result.</summary>
    /// <param name="train">The cluster.</param>
    /// <param name="observer">Hears of progress besides.</param>
    /// <param name="cancellationToken">Asks for an end before the run has a coordinator.</param>
    /// <returns>The result as JSON; null if the run was interrupted.</returns>
    /// <exception cref="RunClaimedException">Another process trains the run.</exception>
    /// <exception cref="JournalException">The ledger's file cannot be used.</exception>
    /// <exception cref="OperationCanceledException">It was to end before it began.</exception>
    Task<string?> TrainAsync(ClusterTraining train, ITrainingObserver observer, CancellationToken cancellationToken);
}
