namespace DistNet.Neural;

/// <summary>The run specification: all that the bits of the final weights depend on, and nothing else.</summary>
/// <remarks>Workers, parameter shards, threads and nodes are not in it, because they do not change the result.</remarks>
public sealed record TrainingSpec
{
    /// <summary>The network.</summary>
    public required NetworkSpec Network { get; init; }

    /// <summary>How parameters follow gradients.</summary>
    public required OptimizerSpec Optimizer { get; init; }

    /// <summary>How the learning rate changes over the steps. Default: constant.</summary>
    public ScheduleSpec Schedule { get; init; } = ScheduleSpec.Constant;

    /// <summary>L2 weight decay: adds this times the weight to the gradient of each kernel (not of biases). 0 switches it
    /// off.</summary>
    public float WeightDecay { get; init; }

    /// <summary>Passes over the training set, at least 1.</summary>
    public int Epochs { get; init; } = 5;

    /// <summary>Examples per mini-batch, at least 1. The last mini-batch of an epoch may be smaller.</summary>
    public int BatchSize { get; init; } = 128;

    /// <summary>Examples per micro-batch, the unit of work that is leased, computed and counted; at least 1. It is part of the
    /// arithmetic: another size, other bits.</summary>
    public int MicroBatchSize { get; init; } = 16;

    /// <summary>Seeds initial weights and shuffles.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Share of the training examples, the last ones, kept for validation, in [0, 1). 0 keeps none.</summary>
    public double ValidationFraction { get; init; }

    /// <summary>Stop when the validation loss (training loss without validation) has not fallen for this many epochs; null never
    /// stops early.</summary>
    public int? EarlyStoppingPatience { get; init; }

    /// <summary>How training images are distorted, anew in each epoch; null leaves them as they are. Evaluation, also on validation
    /// examples, is on images as they are.</summary>
    public DistortionSpec? Distortion { get; init; }

    /// <summary>Checks that the run can be made.</summary>
    /// <param name="exampleCount">Examples of the whole training set, if known.</param>
    /// <exception cref="ArgumentException">It cannot; the message is one sentence that begins with the JSON path of the offending
    /// member.</exception>
    public void Validate(int? exampleCount = null)
    {
        if (TrainingRules.FirstProblem(this, exampleCount) is { } problem)
            throw new ArgumentException(problem);
    }
}
