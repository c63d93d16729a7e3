namespace DistNet.Neural;

/// <summary>All that a run needs to go on from a step as if it had never stopped.</summary>
public sealed record Checkpoint
{
    /// <summary>The run specification.</summary>
    public required TrainingSpec Spec { get; init; }

    /// <summary>Content hash of the training examples (before the validation split).</summary>
    public required string DataHash { get; init; }

    /// <summary>Version of the parameters: steps made so far. With the seed it gives the epoch, the shuffle and the position in it.</summary>
    public required long Version { get; init; }

    /// <summary>The whole parameter vector in <see cref="ParameterLayout"/> order.</summary>
    public required float[] Parameters { get; init; }

    /// <summary>Optimizer slots by name ("velocity", "momentum", ...), each as long as <see cref="Parameters"/>.</summary>
    public required IReadOnlyDictionary<string, float[]> Slots { get; init; }

    /// <summary>Loss and correct answers summed over the steps of the epoch under way.</summary>
    public LossStatistics EpochStatistics { get; init; }

    /// <summary>Reports of the epochs that are complete.</summary>
    public IReadOnlyList<EpochReport> History { get; init; } = [];
}

/// <summary>Keeps the checkpoints of one run.</summary>
public interface ICheckpointStore
{
    /// <summary>Writes a checkpoint so that it is either wholly there or not at all. Its vectors are used again later: keep none of them.</summary>
    /// <returns>Where it lies.</returns>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    string Save(Checkpoint checkpoint);

    /// <summary>The newest checkpoint that is intact, or null if there is none.</summary>
    Checkpoint? LoadLatest();
}
