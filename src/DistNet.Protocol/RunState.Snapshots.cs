using DistNet.Neural;

namespace DistNet.Protocol;

/// <content>Epochs, snapshots, stopping: how far the run goes, and when it is over.</content>
public sealed partial class RunState
{
    // Which shards have handed over their piece of the snapshot under way.
    private readonly bool[] _snapshotPieces;

    // Which shards have said where they stand after a hold.
    private readonly bool[] _held;

    private List<EpochReport> _history = [];

    // By the epoch's last version, of the epochs that are yet to be validated: the shards may have made another one meanwhile.
    private readonly Dictionary<long, LossStatistics> _epochTraining = [];

    // The user saw this many epochs; replayed ones, whose reports are equal, are not shown again.
    private int _epochsShown;

    // Shards may step up to here; the next snapshot is of _snapshotAt, never beyond _until.
    private long _until;
    private long _snapshotAt;

    // The newest version whose snapshot was evaluated and saved, and from which the run was told to go on.
    private long _decided;

    // The version whose complete snapshot is being evaluated or saved, or -1.
    private long _settling = -1;

    // The newest version this session has saved, or -1.
    private long _saved = -1;

    // Where the run stops because the user asked for it, or -1.
    private long _stopAt = -1;

    private bool _isStopRequested;
    private TimeSpan? _clockStarted;

    /// <summary>The epochs that a checkpoint of a version contains: by the time it is complete, the shards may have made another.</summary>
    public IReadOnlyList<EpochReport> HistoryAt(long version) => [.. _history.TakeWhile(report => (long)report.Epoch * _plan.StepsPerEpoch <= version)];

    /// <summary>The user wants the run to stop between two steps.</summary>
    public IReadOnlyList<RunEffect> StopRequested(TimeSpan now) => Collect(() =>
    {
        if (_isStopRequested)
            return;
        _isStopRequested = true;
        if (_phase == Phase.Gathering)
            BeginRestore(now); // what the run would have begun with is its result
        else if (_phase == Phase.Training)
            Hold();
    });

    /// <summary>A shard holds at a version.</summary>
    public IReadOnlyList<RunEffect> Held(Generation generation, int shard, long version, TimeSpan now) => Collect(() =>
    {
        if (!IsCurrent(generation) || !IsOfRun(shard, version))
            return;
        _versions[shard] = Math.Max(_versions[shard], version);
        _held[shard] = true;
        StopIfAllHeld(now);
    });

    /// <summary>Whether a piece of a snapshot belongs to the one that is being gathered; one that comes twice, when all are there, does not.</summary>
    public bool AwaitsSnapshot(Generation generation, long version) => IsCurrent(generation) && version == _snapshotAt && version != _settling;

    /// <summary>A shard handed over its piece of a snapshot.</summary>
    public IReadOnlyList<RunEffect> SnapshotArrived(Generation generation, int shard, long version, TimeSpan now) => Collect(() =>
    {
        if (!AwaitsSnapshot(generation, version) || !IsOfRun(shard, version))
            return;
        _snapshotPieces[shard] = true;
        _lastProgress = now; // on a slow wire the next one may take as long
        Settle(now);
    });

    // Copies and reports travel different ways: a snapshot is dealt with when the reports of all its epochs are here as well. One that was lost
    // keeps the snapshot waiting until the deadline, and a new beginning replays the epoch.
    private void Settle(TimeSpan now)
    {
        long version = _snapshotAt;
        if (!_snapshotPieces.All(there => there) || _versions[0] < version || EpochsReported < version / _plan.StepsPerEpoch)
            return;
        Array.Clear(_snapshotPieces);
        _settling = version;
        StopClockAtStandstill(now);
        _effects.Add(_spec.ValidationFraction > 0 && _plan.IsEpochEnd(version)
            ? new EvaluateSnapshot(_restoredAt, version)
            : new SaveCheckpoint(_restoredAt, version));
    }

    /// <summary>The snapshot of an epoch's end was evaluated on the validation examples.</summary>
    public IReadOnlyList<RunEffect> Evaluated(Generation generation, long version, LossStatistics validation) => Collect(() =>
    {
        if (_phase != Phase.Training || generation != _restoredAt || version != _settling)
            return;
        CompleteEpoch(version, _epochTraining[version], validation);
        _effects.Add(new SaveCheckpoint(_restoredAt, version));
    });

    /// <summary>The snapshot is safe on disk.</summary>
    public IReadOnlyList<RunEffect> CheckpointSaved(Generation generation, long version, TimeSpan now) => Collect(() =>
    {
        if (_phase is not (Phase.Training or Phase.Stopping) || generation != _restoredAt || version != _settling)
            return;
        _decided = _saved = version;
        Advanced(now); // the shards may have waited for this
        _settling = -1;
        GoOn(now);
    });

    private void ResetSnapshots(long version)
    {
        _decided = _until = _snapshotAt = version;
        _settling = -1;
        _stopAt = -1;
        _epochTraining.Clear();
        Array.Clear(_snapshotPieces);
        Array.Clear(_held);
    }

    private void Progress(long version, LossStatistics epochStatistics)
    {
        _effects.Add(new ShowProgress(new TrainingProgress(version, _plan.EpochOf(Math.Max(0, version - 1)), epochStatistics)));
        // A report that comes twice is of an epoch that is known; after one that was lost comes an epoch too far.
        if (!_plan.IsEpochEnd(version) || version / _plan.StepsPerEpoch != EpochsReported + 1)
            return;
        _epochTraining[version] = epochStatistics;
        if (_spec.ValidationFraction == 0)
            CompleteEpoch(version, epochStatistics, validation: null);
    }

    // Epochs whose training figures are here, validated or not: the first ones of the run, without a gap.
    private int EpochsReported => _history.Count + _epochTraining.Count;

    private void CompleteEpoch(long version, LossStatistics training, LossStatistics? validation)
    {
        _epochTraining.Remove(version);
        EpochReport report = new(_plan.EpochOf(version - 1), training, validation);
        _history.Add(report);
        if (report.Epoch <= _epochsShown)
            return;
        _epochsShown = report.Epoch;
        _effects.Add(new ShowEpoch(report));
    }

    private void GoOn(TimeSpan now)
    {
        if (EndAt(_decided) is { } end)
            Finish(end, now);
        else if (!_isStopRequested)
            Advance(_snapshots.Until(_decided), _snapshots.Next(_decided), now);
        else
            StopIfAllHeld(now); // a shard may have made one more step since it last reported
    }

    private TrainingEnd? EndAt(long version) =>
        version == _plan.TotalSteps ? TrainingEnd.Completed
        : _plan.IsEpochEnd(version) && EpochJudge.StopsEarly(_spec, _history) ? TrainingEnd.StoppedEarly
        : version == _stopAt ? TrainingEnd.Interrupted
        : null;

    private void Hold()
    {
        Array.Clear(_held);
        _effects.Add(new HoldShards(_restoredAt));
    }

    // Shards differ by one version at most: the one behind takes the step that the others have made, and the run ends there.
    private void StopIfAllHeld(TimeSpan now)
    {
        bool isSnapshotUnderWay = _decided < _snapshotAt && _snapshotAt < _versions.Max();
        if (_settling >= 0 || isSnapshotUnderWay || _stopAt >= 0 || !_held.All(held => held))
            return;
        _stopAt = _versions.Max();
        if (_stopAt == _decided)
            Interrupt(now);
        else
            Advance(_stopAt, _stopAt, now);
    }

    // Steps after the checkpoint may be in the ledger, of this session or of a coordinator that crashed.
    private void InterruptAtCheckpoint(TimeSpan now)
    {
        if (_hasBegun || _settings.NewestGeneration > Generation.None)
            _effects.Add(new UndoSteps(_generation));
        Interrupt(now);
    }

    // The run ends where it was decided to go on from. That is saved by then, unless it is where this session began.
    private void Interrupt(TimeSpan now)
    {
        _stopAt = _decided;
        if (_saved == _decided || EndAt(_decided) is not TrainingEnd.Interrupted)
        {
            Finish(EndAt(_decided)!.Value, now);
            return;
        }
        StopClock(now);
        (_phase, _settling, _lastProgress) = (Phase.Stopping, _decided, now);
        _effects.Add(new SaveCheckpoint(_restoredAt, _decided));
    }

    private void Advance(long until, long snapshotAt, TimeSpan now)
    {
        (_until, _snapshotAt) = (until, snapshotAt);
        if (IsStepping)
        {
            _clockStarted ??= now;
            _lastProgress = now; // the steps were not to be made before
        }
        _effects.Add(new AdvanceShards(_generation, _restoredAt, until, snapshotAt));
    }

    private void Finish(TrainingEnd end, TimeSpan now)
    {
        StopClock(now);
        _phase = Phase.Over;
        _effects.Add(new FinishRun(end));
    }

    private void StopClockAtStandstill(TimeSpan now)
    {
        if (!IsStepping)
            StopClock(now);
    }

    private void StopClock(TimeSpan now)
    {
        if (_clockStarted is { } started)
            TrainTime += now - started;
        _clockStarted = null;
    }
}
