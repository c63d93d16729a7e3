using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>What a parameter shard decides: which gradient sums count, when to step, when to hand over a snapshot, when to report.</summary>
/// <typeparam name="TSum">Whatever carries a gradient sum.</typeparam>
/// <param name="plan">The run's steps and epochs.</param>
/// <param name="stepDeadline">After which whoever a step waits for may be taken for lost.</param>
public sealed class ParameterShardState<TSum>(RunPlan plan, TimeSpan stepDeadline)
{
    /// <summary>A report is due after this long without one, so that progress can be shown; snapshots, epoch ends and standstills report at once.</summary>
    public static readonly TimeSpan ReportAfter = TimeSpan.FromMilliseconds(100);

    // The snapshot of this version was handed over already; -1 before the first.
    private long _snapshotTaken = -1;
    private long _restoredVersion;
    private long _reported = -1;
    private TimeSpan _reportedAt;

    // Refused since the last step.
    private int _duplicates;
    private int _stale;

    // The newest of the shard's generation and those of the sums in the step under way, and the same of the step before: a sum that is older than
    // the latter comes from a lease that others have taken over.
    private Generation _stepGeneration;
    private Generation _oldest;

    private readonly StragglerWatch _stragglers = new(stepDeadline);

    /// <summary>The newest generation heard of; sums of older ones are refused.</summary>
    public Generation Generation { get; private set; }

    /// <summary>The generation of the restore that gave the shard its state.</summary>
    public Generation RestoredAt { get; private set; }

    /// <summary>The version this shard's range is at.</summary>
    public long Version { get; private set; }

    /// <summary>Whether the version before is there as well. Another shard may still be at it, and a new worker needs the whole of it.</summary>
    public bool HasPrevious => Version > _restoredVersion;

    /// <summary>The version beyond which this shard must not step; never below <see cref="Version"/>.</summary>
    public long Until { get; private set; }

    /// <summary>The next version to hand over a snapshot of; never below <see cref="Version"/> unless that snapshot was taken.</summary>
    public long SnapshotAt { get; private set; }

    /// <summary>Loss and correct answers over the steps of the epoch under way; at an epoch's last version, over the whole epoch.</summary>
    public LossStatistics EpochStatistics { get; private set; }

    /// <summary>The sums of the step under way.</summary>
    public GradientSumCollector<TSum> Sums { get; } = new();

    /// <summary>The steps made, for the ledger.</summary>
    public StepLog Log { get; } = new();

    /// <summary>Sums that were not added, because they were late or there already.</summary>
    public long Refused { get; private set; }

    /// <summary>Whether the step under way has all its sums and may be made.</summary>
    public bool CanStep => Sums.IsComplete && Version < Until;

    /// <summary>Whether the snapshot of this very version is wanted and not yet handed over.</summary>
    public bool IsSnapshotDue => Version == SnapshotAt && _snapshotTaken != Version;

    /// <summary>Puts the shard at a version; the sums of another time are no longer wanted, so drain them first.</summary>
    public void Restore(Generation generation, long version, LossStatistics epochStatistics)
    {
        Generation = generation;
        RestoredAt = generation;
        Version = _restoredVersion = version;
        Until = version;
        SnapshotAt = -1;
        _snapshotTaken = -1;
        _reported = version;
        EpochStatistics = epochStatistics;
        _stepGeneration = _oldest = generation;
        (_duplicates, _stale) = (0, 0);
        Log.Clear();
        _stragglers.BeginAnew();
        BeginStep();
    }

    /// <summary>A generation begins. What was gathered stays: sums do not depend on who computed them.</summary>
    /// <param name="generation">Newer than the shard's, or the one it has: then it is published once more.</param>
    /// <param name="restoredAt">The restore that gave all shards their state. A shard that missed it is at another time, and must not join.</param>
    /// <returns>Whether the shard is in that generation now.</returns>
    public bool Open(Generation generation, Generation restoredAt)
    {
        if (generation < Generation || restoredAt != RestoredAt)
            return false;
        if (generation > Generation)
            _stragglers.BeginAnew(); // who holds up the step may have lost its lease
        Generation = generation;
        return true;
    }

    /// <summary>The coordinator lets the shard step on.</summary>
    /// <returns>False if the order is of an older generation than the shard's state.</returns>
    public bool Advance(Generation generation, Generation restoredAt, long until, long snapshotAt)
    {
        if (generation < Generation || restoredAt != RestoredAt || until < Version)
            return false;
        Until = until;
        SnapshotAt = snapshotAt;
        return true;
    }

    /// <summary>Stop where you are; <see cref="Advance"/> lifts it.</summary>
    public void Hold() => Until = Version;

    /// <summary>Offers a gradient sum for the step under way.</summary>
    public Offer Offer(Generation generation, long version, TreeNode node, string worker, TSum sum)
    {
        Offer offer = generation < Generation || generation < _oldest ? Protocol.Offer.StaleGeneration
            : version != Version ? Protocol.Offer.OtherVersion
            : Sums.Add(node, worker, sum);
        if (offer == Protocol.Offer.Added)
            _stepGeneration = Newer(_stepGeneration, generation);
        else
            Refuse(offer);
        return offer;
    }

    /// <summary>The step was made: the range is at the next version.</summary>
    /// <param name="statistics">Of the step.</param>
    /// <param name="drain">Gives the sums back, now that they are used.</param>
    public void Stepped(LossStatistics statistics, Action drain)
    {
        ArgumentNullException.ThrowIfNull(drain);
        _oldest = _stepGeneration = Newer(_stepGeneration, Generation);
        Log.Add(Version, _stepGeneration, Sums.Contributions, (_duplicates, _stale));
        (_duplicates, _stale) = (0, 0);
        drain();
        EpochStatistics = plan.IsEpochEnd(Version) ? statistics : LossStatistics.Add(EpochStatistics, statistics);
        Version++;
        BeginStep();
    }

    /// <summary>The snapshot of this version was handed over.</summary>
    public void SnapshotTaken() => _snapshotTaken = Version;

    /// <summary>Whether the coordinator should hear of this version now; asking counts as telling.</summary>
    public bool ShouldReport(TimeSpan now)
    {
        bool due = Version == Until || Version == SnapshotAt || plan.IsEpochEnd(Version) || now - _reportedAt >= ReportAfter;
        if (!due || Version == _reported)
            return false;
        _reported = Version;
        _reportedAt = now;
        return true;
    }

    /// <summary>Looks at how the step under way goes; call it every <see cref="StragglerWatch.LookInterval"/>.</summary>
    /// <param name="workers">
    /// Workers of the generation: what is missing is cut into nodes of at most a share, so that idle ones can divide it among them.
    /// </param>
    /// <param name="now">The time.</param>
    /// <returns>The nodes for whose sums the step has waited longer than is usual, when it is time to ask all workers for them; else none.</returns>
    public IReadOnlyList<TreeNode> LookForStragglers(int workers, TimeSpan now)
    {
        bool mayStep = Version < Until;
        bool isDue = _stragglers.IsHelpDue(Version, mayStep && IsWaitingForSome, now);
        if (!mayStep)
            _stragglers.BeginAnew();
        return isDue && workers > 1 ? Sums.Missing((Sums.MicroBatchCount + workers - 1) / workers) : [];
    }

    // The first sum says that workers have this version, and about how long they take. A single micro-batch has one holder, of whom no other can tell.
    private bool IsWaitingForSome => !Sums.IsComplete && (Sums.Covered > 0 || Sums.MicroBatchCount == 1);

    private void Refuse(Offer offer)
    {
        Refused++;
        if (offer == Protocol.Offer.Duplicate)
            _duplicates++;
        else
            _stale++;
    }

    private static Generation Newer(Generation a, Generation b) => a > b ? a : b;

    private void BeginStep()
    {
        if (Version < plan.TotalSteps)
            Sums.Begin(plan.MicroBatchCount(Version));
    }
}
