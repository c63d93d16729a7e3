namespace DistNet.Protocol;

/// <content>What does not come in time: members, steps, answers.</content>
public sealed partial class RunState
{
    // What each shard answered to AskForMissing; null while it has not, and where nobody was asked.
    private readonly (long Version, int MicroBatch)?[] _missing;
    private bool _isAskingForMissing;

    // When a shard last made a step, replayed or not, and whom a step was last seen to wait for.
    private TimeSpan _lastStep;
    private string _awaited = "no parameter shard has said what it waits for";

    // The greatest version that a shard has reached in this session, when it was, or a checkpoint was saved, and how often steps were undone since.
    private long _furthest;
    private TimeSpan _lastAdvance;
    private int _rollBacks;

    // Workers that were told to give their lease back and have not registered since: that may have been lost, and they would wait for ever.
    private readonly SortedSet<string> _revoked = new(StringComparer.Ordinal);

    // The version whose step last cost a worker its lease, and all workers that it did: one that is back, while the step waits still, was not to blame.
    private long _takenAt;
    private readonly HashSet<string> _takenFrom = new(StringComparer.Ordinal);

    // When a member last came, and whether those that are there are enough: some of the run's earlier members may have left for good.
    private TimeSpan _lastCame;
    private bool _settlesForFewer;

    /// <summary>Time passes: deadlines are looked at. Call it about once a second.</summary>
    public IReadOnlyList<RunEffect> Tick(TimeSpan now) => Collect(() =>
    {
        if (now - _lastTick > _settings.LongestTick)
            _lastStep = _lastAdvance = _lastCame = _lastProgress = now;
        _lastTick = now;
        _effects.AddRange(_revoked.Select(worker => new RevokeLease(worker, Reason: null)));
        if (IsRegathering && now - _lastCame > _settings.RegatherDeadline)
            SettleForThoseThere(now);
        if (_phase == Phase.Gathering && now - _lastProgress > _settings.JoinDeadline)
            FailToGather();
        if (_hasBegun)
            LookForStandstill(now);
        else if (_phase is Phase.Restoring or Phase.Stopping && now - _lastProgress > _settings.StandstillDeadline)
            Fail(_phase == Phase.Restoring
                ? $"The coordinator did not load the checkpoint that the run begins with within {Minutes}."
                : $"The run was told to stop, and the checkpoint after step {_settling} was not written to the ledger and saved within {Minutes}.");
        if (_phase == Phase.Training && now - _lastProgress > _settings.StepDeadline)
            Overdue(now);
    });

    /// <summary>A shard says which micro-batch its step has waited for. The step that is furthest behind holds up the others, so its answer counts.</summary>
    public IReadOnlyList<RunEffect> MissingReported(Generation generation, int shard, long version, int microBatch, TimeSpan now) => Collect(() =>
    {
        if (_phase != Phase.Training || !_isAskingForMissing || generation != _generation || !IsOfRun(shard, version))
            return;
        _missing[shard] = (version, microBatch);
        _versions[shard] = Math.Max(_versions[shard], version); // its report may have been lost
        if (_missing.Contains(null))
            return;
        if (!IsStepping)
        {
            Moved(now); // the reports that say so were lost, and the answers make them good
            return;
        }
        // The one behind may lack an order instead of a sum: taking leases for the others' steps would not help it, and would never end.
        (long Version, int MicroBatch)? behind = _missing.OrderBy(answer => answer!.Value.Version).ThenByDescending(IsMissing).First();
        if (IsMissing(behind))
            TakeLease(Array.IndexOf(_missing, behind), behind!.Value.Version, behind.Value.MicroBatch, now);
    });

    private bool IsRegathering =>
        _phase == Phase.Gathering && !_settlesForFewer && _workers.Count > 0 && _settings.MembersReturn && _settings.IsTakenOver;

    private void FailToGather() => Fail(
        $"Waited {_settings.JoinDeadline.TotalSeconds:0} seconds for {WorkersNeeded} workers and {_shards.Length} parameter shards; "
        + $"{_workers.Count} and {_shards.Count(shard => shard is not null)} came{Came()}.");

    // So many are named: who reads it looks for the one that is not there.
    private const int MostNamed = 8;

    private string Came()
    {
        string[] members = [.. _workers.Select(worker => $"worker {worker}"), .. Shards(_shards.Select(shard => shard is not null)).Select(NameOfShard)];
        return members.Length == 0 ? "" : $": {Named(members)}";
    }

    private static IEnumerable<int> Shards(IEnumerable<bool> chosen) => chosen.Index().Where(shard => shard.Item).Select(shard => shard.Index);

    private string NameOfShard(int shard) => $"parameter shard {shard} at {_shards[shard]}";

    private static string Named(string[] members) =>
        string.Join(", ", members.Take(MostNamed)) + (members.Length > MostNamed ? $" and {members.Length - MostNamed} more" : "");

    // Steps that are replayed are steps; but a run that undoes them time and again, before it comes to a new one, would never end.
    private void LookForStandstill(TimeSpan now)
    {
        if (now - _lastStep > _settings.StandstillDeadline)
            Fail(_settling < 0
                ? $"No step was made for {Minutes}, though work was leased and begun anew: {_awaited}."
                : $"No step was made for {Minutes}: the checkpoint after step {_settling} was not evaluated, written to the ledger and saved meanwhile.");
        else if (now - _lastAdvance > _settings.StandstillDeadline && _rollBacks >= RunSettings.RollBacks)
            Fail($"No step beyond step {_furthest} was made for {Minutes}, and the run went back to its checkpoint {_rollBacks} times: {_awaited}.");
    }

    private string Minutes => $"{_settings.StandstillDeadline.TotalMinutes:0.#} minutes";

    private void Stepped(long version, TimeSpan now)
    {
        _lastStep = now;
        if (version > _furthest)
            Advanced(now);
        _furthest = Math.Max(_furthest, version);
    }

    // What is gained now is not lost again: a roll-back goes no further than a checkpoint that is saved.
    private void Advanced(TimeSpan now) => (_lastStep, _lastAdvance, _rollBacks) = (now, now, 0);

    // Without a step since the last one, it is a part of that one: shards come back one by one.
    private void RolledBack(long version)
    {
        if (_versions.Max() > version)
            _rollBacks++;
        _furthest = Math.Max(_furthest, version);
    }

    private void SettleForThoseThere(TimeSpan now)
    {
        _settlesForFewer = true;
        _effects.Add(new SettleForFewer());
        MembersChanged(now);
    }

    // First the shards are asked whom they wait for. Where that leads nowhere, a message was lost: an order to a shard, a snapshot, an answer.
    // A new beginning from the checkpoint repeats them all.
    private void Overdue(TimeSpan now)
    {
        if (_isAskingForMissing)
            _awaited = Unanswered();
        else if (!IsStepping && _settling < 0)
            _awaited = Unsettled();
        if (_isAskingForMissing || (!IsStepping && _settling < 0))
            BeginRestore(now);
        else if (IsStepping)
            Ask(now);
    }

    // Who was asked, and did not say; or they have said that they wait for no sum, and so for an order that was lost.
    private string Unanswered()
    {
        string[] silent = [.. Shards(_missing.Select(answer => answer is null)).Select(NameOfShard)];
        string step = $"at step {_versions.Min() + 1}";
        return silent.Length > 0
            ? $"{step} {Named(silent)} did not say which micro-batch it waits for"
            : $"{step} no parameter shard waits for a micro-batch, so that an order was lost";
    }

    // All have made their steps: the snapshot of the last one is not there as a whole, or an order or a report was lost.
    private string Unsettled()
    {
        string[] owing = [.. Shards(_snapshotPieces.Select(isThere => !isThere)).Select(NameOfShard)];
        return owing.Length > 0 && _decided < _snapshotAt
            ? $"of the checkpoint after step {_snapshotAt} the part of {Named(owing)} has not come"
            : $"after step {_versions.Min()} an order or a report was lost";
    }

    private void Ask(TimeSpan now)
    {
        _lastProgress = now;
        _isAskingForMissing = true;
        Array.Clear(_missing);
        _effects.Add(new AskForMissing(_generation));
    }

    private bool IsMissing((long Version, int MicroBatch)? answer) => answer is { MicroBatch: >= 0 } waiting && waiting.Version < _plan.TotalSteps;

    private void TakeLease(int shard, long version, int microBatch, TimeSpan now)
    {
        int count = _plan.MicroBatchCount(version);
        string holder = Suspect(Enumerable.Range(0, _workers.Count).First(i => new Lease(i, _workers.Count).Holds(microBatch, count)), version);
        _isAskingForMissing = false;
        _awaited = $"at step {version + 1} parameter shard {shard} waits for micro-batch {microBatch} of {holder}";
        if (_workers.Count == 1 && !_settings.MembersReturn)
        {
            Fail(
                $"Parameter shard {shard} waited {_settings.StepDeadline.TotalSeconds:0} seconds at step {version + 1} "
                + $"for micro-batch {microBatch} of {holder}, the only worker.");
            return;
        }
        _workers.Remove(holder);
        _revoked.Add(holder);
        _takenFrom.Add(holder);
        _effects.Add(new RevokeLease(holder, _awaited));
        MembersChanged(now);
    }

    // The holder of what is missing; or, where that one came back and the step waits still, the next, whose sum a node may have waited for to add the
    // holder's to it. The workers of a node stand side by side.
    private string Suspect(int holder, long version)
    {
        if (version != _takenAt)
            _takenFrom.Clear();
        _takenAt = version;
        IEnumerable<string> fromHolder = _workers.Skip(holder).Concat(_workers.Take(holder));
        return fromHolder.FirstOrDefault(worker => !_takenFrom.Contains(worker)) ?? _workers.ElementAt(holder);
    }
}
