namespace DistNet.Neural;

/// <summary>Sums over examples, from which mean loss and accuracy follow; added along the reduction tree, so its bits are fixed
/// too.</summary>
/// <param name="LossSum">Sum of the examples' losses.</param>
/// <param name="Correct">Examples answered correctly.</param>
/// <param name="Examples">Examples counted.</param>
public readonly record struct LossStatistics(double LossSum, long Correct, long Examples)
{
    /// <summary>Mean loss, or 0 when nothing was counted.</summary>
    public double MeanLoss => Examples == 0 ? 0 : LossSum / Examples;

    /// <summary>Share of correct answers, or 0 when nothing was counted.</summary>
    public double Accuracy => Examples == 0 ? 0 : (double)Correct / Examples;

    /// <summary>left + right, in that order.</summary>
    public static LossStatistics Add(LossStatistics left, LossStatistics right) =>
        new(left.LossSum + right.LossSum, left.Correct + right.Correct, left.Examples + right.Examples);
}

/// <summary>An epoch that is complete.</summary>
/// <param name="Epoch">Which, from 1.</param>
/// <param name="Training">Over the epoch's mini-batches, each before its update.</param>
/// <param name="Validation">After the epoch, or null without validation.</param>
public sealed record EpochReport(int Epoch, LossStatistics Training, LossStatistics? Validation);

/// <summary>Where a run stands; sent after steps, at least once an epoch, not necessarily after each step.</summary>
/// <param name="Version">Steps made so far, earlier sessions of the run included.</param>
/// <param name="Epoch">The epoch under way, from 1.</param>
/// <param name="EpochStatistics">Over the steps of this epoch so far.</param>
public readonly record struct TrainingProgress(long Version, int Epoch, LossStatistics EpochStatistics);

/// <summary>Hears what a run does. Called one call at a time, on a thread of the trainer's: return quickly.</summary>
public interface ITrainingObserver
{
    /// <summary>Steps were made.</summary>
    void OnProgress(TrainingProgress progress);

    /// <summary>An epoch is complete.</summary>
    void OnEpoch(EpochReport report);

    /// <summary>A checkpoint is safe on disk.</summary>
    void OnCheckpoint(long version, string path);
}

/// <summary>A run to be made or continued.</summary>
public sealed record TrainingJob
{
    /// <summary>The run specification.</summary>
    public required TrainingSpec Spec { get; init; }

    /// <summary>The whole training set; <see cref="TrainingSpec.ValidationFraction"/> of it, the end, is kept for validation by
    /// the trainer.</summary>
    public required IExampleSet Examples { get; init; }

    /// <summary>Where to go on from, or null to begin.</summary>
    public Checkpoint? ResumeFrom { get; init; }

    /// <summary>Where checkpoints go, or null to write none.</summary>
    public ICheckpointStore? Checkpoints { get; init; }

    /// <summary>Steps between checkpoints; 0 writes one at the end of each epoch. One more is written when the run is
    /// stopped.</summary>
    public int CheckpointEvery { get; init; }

    /// <summary>Checks that specification, examples and checkpoint are possible and belong together.</summary>
    /// <exception cref="ArgumentException">The specification, or <see cref="CheckpointEvery"/>, is impossible.</exception>
    /// <exception cref="InvalidDataException">The examples do not fit the network, or the checkpoint is of another run or other
    /// data.</exception>
    public void Validate()
    {
        Spec.Validate(Examples.Count);
        ArgumentOutOfRangeException.ThrowIfNegative(CheckpointEvery);
        DataRules.RequireFit(Spec.Network, Examples);
        if (ResumeFrom is not null)
            DataRules.RequireFit(Spec, Examples, ResumeFrom);
    }
}

/// <summary>How a run ended.</summary>
public sealed record TrainingResult
{
    /// <summary>The final parameter vector.</summary>
    public required float[] Parameters { get; init; }

    /// <summary>Steps made, earlier sessions of the run included.</summary>
    public required long Version { get; init; }

    /// <summary>Examples counted, earlier sessions included.</summary>
    public required long Examples { get; init; }

    /// <summary>Examples counted in this session, over which <see cref="TrainTime"/> was spent.</summary>
    public required long ExamplesThisSession { get; init; }

    /// <summary>Time spent on steps in this session; loading and evaluation not included.</summary>
    public required TimeSpan TrainTime { get; init; }

    /// <summary>Complete epochs, earlier sessions included.</summary>
    public required IReadOnlyList<EpochReport> History { get; init; }

    /// <summary>Why it ended.</summary>
    public required TrainingEnd End { get; init; }
}

/// <summary>Why a run ended.</summary>
public enum TrainingEnd
{
    /// <summary>All epochs were made.</summary>
    Completed,

    /// <summary>The loss had stopped falling.</summary>
    StoppedEarly,

    /// <summary>It was asked to stop, did so between two steps, and can be resumed.</summary>
    Interrupted,
}
