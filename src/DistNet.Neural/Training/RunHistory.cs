namespace DistNet.Neural;

/// <summary>What a run has to show so far: the statistics of the epoch under way, and the reports of the complete ones.</summary>
/// <remarks>Shared by every engine, so that their reports and checkpoints are the same. Used by one thread.</remarks>
public sealed class RunHistory
{
    private readonly TrainingSpec _spec;
    private readonly RunPlan _plan;
    private readonly List<EpochReport> _reports = [];

    /// <summary>The history of a run that begins, or goes on from a checkpoint.</summary>
    /// <exception cref="InvalidDataException">The checkpoint's history does not fit its version.</exception>
    public RunHistory(TrainingSpec spec, RunPlan plan, Checkpoint? resumeFrom)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(plan);
        (_spec, _plan) = (spec, plan);
        if (resumeFrom is not null)
            Restore(resumeFrom);
    }

    /// <summary>Steps made, earlier sessions included.</summary>
    public long Version { get; private set; }

    /// <summary>Over the steps of the epoch under way.</summary>
    public LossStatistics EpochStatistics { get; private set; }

    /// <summary>Reports of the complete epochs.</summary>
    public IReadOnlyList<EpochReport> Reports => _reports;

    /// <summary>Whether the last step of an epoch was made and its report is to be written: the next call must be
    /// <see cref="CompleteEpoch"/>.</summary>
    public bool IsEpochComplete => _reports.Count < Version / _plan.StepsPerEpoch;

    /// <summary>Why the run is over, or null while it goes on.</summary>
    public TrainingEnd? End =>
        IsEpochComplete ? null
        : Version >= _plan.TotalSteps ? TrainingEnd.Completed
        : _plan.IsEpochEnd(Version) && EpochJudge.StopsEarly(_spec, _reports) ? TrainingEnd.StoppedEarly
        : null;

    /// <summary>Where the run stands; after the last step of an epoch still that epoch.</summary>
    public TrainingProgress Progress => new(Version, _plan.EpochOf(Math.Max(0, IsEpochComplete ? Version - 1 : Version)), EpochStatistics);

    /// <summary>A step was made.</summary>
    /// <param name="step">Over its mini-batch, before the update.</param>
    /// <exception cref="InvalidOperationException">The epoch is complete and its report is missing, or the run is
    /// over.</exception>
    public void CountStep(LossStatistics step)
    {
        if (IsEpochComplete || Version >= _plan.TotalSteps)
            throw new InvalidOperationException(
                $"No step follows version {Version} before the epoch's report is written, or at all.");
        EpochStatistics = LossStatistics.Add(EpochStatistics, step);
        Version++;
    }

    /// <summary>Writes the report of the epoch whose last step was made, and begins the next.</summary>
    /// <param name="validation">Over the validation examples after the epoch, or null without any.</param>
    /// <exception cref="InvalidOperationException">The epoch is not complete.</exception>
    public EpochReport CompleteEpoch(LossStatistics? validation)
    {
        if (!IsEpochComplete)
            throw new InvalidOperationException(
                $"Version {Version} is not the end of an epoch of {_plan.StepsPerEpoch} steps without a report.");
        var report = new EpochReport(_reports.Count + 1, EpochStatistics, validation);
        _reports.Add(report);
        EpochStatistics = default;
        return report;
    }

    /// <summary>The checkpoint of this moment.</summary>
    /// <param name="dataHash">Content hash of the training examples.</param>
    /// <param name="parameters">The parameters of this version; handed over, not to be written again.</param>
    /// <param name="slots">The optimizer's slots of this version, by name; handed over likewise.</param>
    public Checkpoint ToCheckpoint(string dataHash, float[] parameters, IReadOnlyDictionary<string, float[]> slots) => new()
    {
        Spec = _spec,
        DataHash = dataHash,
        Version = Version,
        Parameters = parameters,
        Slots = slots,
        EpochStatistics = EpochStatistics,
        History = [.. _reports],
    };

    private void Restore(Checkpoint checkpoint)
    {
        var complete = checkpoint.Version / _plan.StepsPerEpoch;
        var missing = complete - checkpoint.History.Count;
        var mayMiss = _plan.IsEpochEnd(checkpoint.Version) ? 1 : 0;
        if (checkpoint.Version < 0 || checkpoint.Version > _plan.TotalSteps || missing < 0 || missing > mayMiss)
            throw new InvalidDataException(
                $"The checkpoint is of step {checkpoint.Version} with {checkpoint.History.Count} epoch reports, where this run " +
                $"has {_plan.StepsPerEpoch} steps in each of {_plan.Epochs} epochs: use the checkpoint of another run.");
        (Version, EpochStatistics) = (checkpoint.Version, checkpoint.EpochStatistics);
        _reports.AddRange(checkpoint.History);
    }
}
