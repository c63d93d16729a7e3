namespace DistNet.Neural;

/// <summary>Which examples each step of a run takes: pure arithmetic on the version, the number of steps made.</summary>
public sealed class RunPlan
{
    private readonly int _batchSize;
    private readonly int _microBatchSize;

    /// <summary>The plan of a run.</summary>
    /// <param name="spec">The run specification.</param>
    /// <param name="trainingExampleCount">Examples to train on, without those kept for validation; at least 1.</param>
    /// <exception cref="ArgumentException">The specification is impossible, or there are no examples.</exception>
    public RunPlan(TrainingSpec spec, int trainingExampleCount)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        ArgumentOutOfRangeException.ThrowIfLessThan(trainingExampleCount, 1);
        TrainingExampleCount = trainingExampleCount;
        Epochs = spec.Epochs;
        _batchSize = spec.BatchSize;
        _microBatchSize = spec.MicroBatchSize;
        StepsPerEpoch = DivideUp(trainingExampleCount, _batchSize);
    }

    /// <summary>The plan of a run over a data set, of which a part may be kept for validation.</summary>
    /// <param name="spec">The run specification.</param>
    /// <param name="exampleCount">Examples of the data set.</param>
    /// <exception cref="ArgumentException">The specification is impossible, or there are no examples.</exception>
    public static RunPlan Of(TrainingSpec spec, int exampleCount)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return new RunPlan(spec, ValidationSplit.Of(exampleCount, spec.ValidationFraction).TrainingCount);
    }

    /// <summary>Examples of one epoch.</summary>
    public int TrainingExampleCount { get; }

    /// <summary>Epochs of the whole run.</summary>
    public int Epochs { get; }

    /// <summary>Mini-batches of one epoch; the last may be smaller.</summary>
    public int StepsPerEpoch { get; }

    /// <summary>Steps of the whole run, if nothing stops it early.</summary>
    public long TotalSteps => (long)Epochs * StepsPerEpoch;

    /// <summary>Examples of the largest mini-batch.</summary>
    public int LargestBatch => Math.Min(_batchSize, TrainingExampleCount);

    /// <summary>The epoch, from 1, of the step that turns this version into the next.</summary>
    public int EpochOf(long version) => checked((int)(version / StepsPerEpoch) + 1);

    /// <summary>The examples of the step that turns this version into the next.</summary>
    public MiniBatch Batch(long version)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        var first = (long)_batchSize * (version % StepsPerEpoch);
        return new MiniBatch((int)first, (int)Math.Min(_batchSize, TrainingExampleCount - first));
    }

    /// <summary>Micro-batches of that step; the last may be smaller.</summary>
    public int MicroBatchCount(long version) => DivideUp(Batch(version).Count, _microBatchSize);

    /// <summary>Whether an epoch is complete when this many steps were made.</summary>
    public bool IsEpochEnd(long version) => version > 0 && version % StepsPerEpoch == 0;

    /// <summary>Examples counted when this many steps were made.</summary>
    public long ExamplesUntil(long version) =>
        (version / StepsPerEpoch * TrainingExampleCount) + ((long)_batchSize * (version % StepsPerEpoch));

    /// <summary>Whether a checkpoint is due when this many steps were made.</summary>
    /// <param name="version">Steps made.</param>
    /// <param name="checkpointEvery">Steps between checkpoints; 0 for one at the end of each epoch.</param>
    public bool IsCheckpointDue(long version, int checkpointEvery) =>
        checkpointEvery == 0 ? IsEpochEnd(version) : version > 0 && version % checkpointEvery == 0;

    private static int DivideUp(int count, int size) => (int)(((long)count + size - 1) / size);
}

/// <summary>A range of an epoch's example order.</summary>
/// <param name="First">Index of its first example in the order of the epoch.</param>
/// <param name="Count">Examples in it.</param>
public readonly record struct MiniBatch(int First, int Count);
