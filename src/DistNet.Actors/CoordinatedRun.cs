using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>A run as its coordinator is given it.</summary>
public sealed record CoordinatedRun
{
    /// <summary>What to train, on what, from where, and where checkpoints go.</summary>
    public required TrainingJob Job { get; init; }

    /// <summary>The run's steps and epochs.</summary>
    public required RunPlan Plan { get; init; }

    /// <summary>The validation examples, or null.</summary>
    public required Evaluator? Validation { get; init; }

    /// <summary>How it is spread out, and its deadlines.</summary>
    public required RunSettings Settings { get; init; }

    /// <summary>Hears of progress; called from the coordinator.</summary>
    public required ITrainingObserver Observer { get; init; }

    /// <summary>The clock.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>How tensors reach the coordinator, given here, and its shards.</summary>
    public required Func<IActorRef, ITensorLinks> Links { get; init; }

    /// <summary>Completed when the run is over, or failed.</summary>
    public required TaskCompletionSource<TrainingResult> Completion { get; init; }
}
