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

    /// <summary>Hears every second what the run is doing.</summary>
    public Action<string> Describe { get; init; } = static _ => { };

    /// <summary>Hears, before the run is completed, how many workers and nodes took part, at most at one time.</summary>
    public Action<int, int> TookPart { get; init; } = static (_, _) => { };

    /// <summary>Hears of each generation who holds its leases, by address.</summary>
    public Action<IReadOnlyList<string>> Leased { get; init; } = static _ => { };

    /// <summary>Where its ledger is kept, or null if it keeps none.</summary>
    public LedgerSettings? Ledger { get; init; }

    /// <summary>Parameter-server nodes to wait for before shards are placed; 0 where shards register by themselves.</summary>
    public int ParameterServers { get; init; }

    /// <summary>A run of a job; how its tensors travel is yet to be said.</summary>
    internal static CoordinatedRun Of(
        TrainingJob job, ITrainingObserver observer, RunPlan plan, RunSettings settings, TimeProvider time,
        TaskCompletionSource<TrainingResult> completion, Func<IActorRef, ITensorLinks> links)
    {
        (int training, int validation) = ValidationSplit.Of(job.Examples.Count, job.Spec.ValidationFraction);
        return new CoordinatedRun
        {
            Job = job,
            Plan = plan,
            Validation = validation == 0 ? null : new Evaluator(job.Spec.Network, job.Examples, training, validation),
            Settings = settings,
            Observer = observer,
            Time = time,
            Completion = completion,
            Links = links,
        };
    }
}
