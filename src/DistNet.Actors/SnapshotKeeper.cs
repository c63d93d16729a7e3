using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Evaluates, saves and loads snapshots for the coordinator, one after the other, on a thread of its own that may block.</summary>
/// <remarks>A failure (a full disk, a damaged file) goes back as <see cref="Status.Failure"/>: the coordinator ends the run with its sentence.</remarks>
internal sealed class SnapshotKeeper : ReceiveActor
{
    private readonly TrainingJob _job;
    private readonly Evaluator? _validation;

    // The newest this run has saved, or null: a load that was asked for while one was being saved finds it.
    private Checkpoint? _newest;

    public SnapshotKeeper(TrainingJob job, Evaluator? validation)
    {
        (_job, _validation) = (job, validation);
        Receive<Load>(load => Answer(() => new Loaded(load.Generation, Latest())));
        Receive<Save>(save => Answer(() => Keep(save)));
        Receive<Evaluate>(evaluate => Answer(() => new EvaluationDone(evaluate.Generation, evaluate.Checkpoint.Version, Measure(evaluate.Checkpoint))));
    }

    public static Props Props(TrainingJob job, Evaluator? validation) => Akka.Actor.Props.Create(() => new SnapshotKeeper(job, validation));

    private void Answer(Func<object> work)
    {
        try
        {
            Sender.Tell(work());
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException)
        {
            Sender.Tell(new Status.Failure(failure));
        }
    }

    private Saved Keep(Save save)
    {
        string? path = _job.Checkpoints?.Save(save.Checkpoint);
        _newest = save.Checkpoint;
        return new Saved(save.Generation, save.Checkpoint, path);
    }

    // The store's newest intact checkpoint, unless this run has not saved any: then where it began.
    private Checkpoint Latest() =>
        _newest is null ? _job.ResumeFrom ?? Initial()
        : _job.Checkpoints is null ? _newest
        : _job.Checkpoints.LoadLatest() ?? _job.ResumeFrom ?? Initial();

    private Checkpoint Initial()
    {
        ParameterLayout layout = ParameterLayout.For(_job.Spec.Network);
        OptimizerState fresh = new(_job.Spec, layout, 0, layout.Count, totalSteps: 1); // only its slots are used
        return new Checkpoint
        {
            Spec = _job.Spec,
            DataHash = _job.Examples.ContentHash,
            Version = 0,
            Parameters = ParameterInitializer.Create(_job.Spec.Network, _job.Spec.Seed),
            Slots = fresh.SlotNames.ToDictionary(slot => slot, slot => fresh.Slot(slot).ToArray()),
        };
    }

    private LossStatistics Measure(Checkpoint checkpoint) =>
        _validation!.Measure(checkpoint.Parameters);

    /// <param name="Generation">Goes back with the answer.</param>
    internal sealed record Load(Generation Generation) : INoSerializationVerificationNeeded;

    internal sealed record Loaded(Generation Generation, Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    internal sealed record Save(Generation Generation, Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    internal sealed record Saved(Generation Generation, Checkpoint Checkpoint, string? Path) : INoSerializationVerificationNeeded;

    internal sealed record Evaluate(Generation Generation, Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

    internal sealed record EvaluationDone(Generation Generation, long Version, LossStatistics Statistics) : INoSerializationVerificationNeeded;
}
