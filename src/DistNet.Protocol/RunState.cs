using System.Text;
using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>
/// The run's state machine, the coordinator's whole judgement: membership, generations, how far the shards may step, epochs, checkpoints,
/// the end. Each method takes one event and the time, and returns what is to be done.
/// </summary>
/// <remarks>
/// <para>A worker that comes or goes opens a new generation: the work is leased anew, and what was gathered stays.</para>
/// <para>A parameter shard that restarts has lost its range: all shards go back to the newest checkpoint and the steps are replayed. The run's
/// beginning is the same path, with the initial parameters for a checkpoint.</para>
/// </remarks>
public sealed partial class RunState
{
    private enum Phase { Gathering, Restoring, Training, Stopping, Over }

    private readonly RunSettings _settings;
    private readonly RunPlan _plan;
    private readonly SnapshotPlan _snapshots;
    private readonly TrainingSpec _spec;

    // Addresses; a worker's place is its lease's index. In ordinal order, so that the workers of a node have neighbouring shares, whose sums can
    // be added before they leave the node.
    private readonly SortedSet<string> _workers = new(StringComparer.Ordinal);

    // Address of each shard, or null until it registers.
    private readonly string?[] _shards;

    // The version each shard last reported under the state of _restoredAt.
    private readonly long[] _versions;

    private readonly List<RunEffect> _effects = [];
    private Phase _phase = Phase.Gathering;
    private Generation _generation;

    // The generation whose restore gave the shards their state: events from older ones speak of a state that is gone.
    private Generation _restoredAt;

    // When a step was last made, or awaited anew.
    private TimeSpan _lastProgress;

    private bool _hasBegun;

    // A process that stood still, stopped by its user or asleep with its machine, has heard nobody; whom it waited for is not to blame.
    private TimeSpan _lastTick;

    /// <summary>Begins a run in which nobody has registered yet.</summary>
    public RunState(TrainingSpec spec, RunPlan plan, SnapshotPlan snapshots, RunSettings settings, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(settings);
        (_spec, _plan, _snapshots, _settings) = (spec, plan, snapshots, settings);
        _lastProgress = _lastCame = _lastTick = now;
        _generation = settings.NewestGeneration;
        _shards = new string?[settings.ParameterShards];
        _versions = new long[settings.ParameterShards];
        _missing = new (long, int)?[settings.ParameterShards];
        _held = new bool[settings.ParameterShards];
        _snapshotPieces = new bool[settings.ParameterShards];
    }

    /// <summary>Complete epochs.</summary>
    public IReadOnlyList<EpochReport> History => _history;

    /// <summary>The generation under way.</summary>
    public Generation Generation => _generation;

    /// <summary>Time spent with steps to make, replays included, evaluations that everybody waits for not.</summary>
    public TimeSpan TrainTime { get; private set; }

    /// <summary>What the run is doing, in a sentence for a user.</summary>
    public string Describe() => _phase switch
    {
        Phase.Gathering =>
            $"waits for nodes: {_workers.Count} of {WorkersNeeded} workers and {_shards.Count(shard => shard is not null)} of {_shards.Length} "
            + "parameter shards are there",
        Phase.Restoring => $"loads a checkpoint for generation {_generation.Number}",
        Phase.Training =>
            $"trains: generation {_generation.Number}, {_workers.Count} workers, step {_versions.Min()} of {_plan.TotalSteps}, goes to {_until}"
            + (_isAskingForMissing ? ", a step is overdue" : ""),
        Phase.Stopping => "saves a checkpoint before it stops",
        _ => "is over",
    };

    /// <summary>Whether an event of this generation speaks of the state the shards are in; while they are being restored, none does.</summary>
    public bool IsCurrent(Generation generation) => _phase == Phase.Training && generation >= _restoredAt;

    /// <summary>A worker is there and holds no lease: it is new, or it restarted. In a cluster, one beyond <see cref="RunSettings.MostWorkers"/>, or
    /// <see cref="RunSettings.MostAddressBytes"/>, is not heard.</summary>
    public IReadOnlyList<RunEffect> WorkerRegistered(string worker, TimeSpan now)
    {
        ArgumentNullException.ThrowIfNull(worker);
        if (_settings.MembersReturn && !_workers.Contains(worker) && !HasRoomFor(worker))
            return [];
        _revoked.Remove(worker);
        if (_workers.Add(worker))
            _lastCame = now;
        return Collect(() => MembersChanged(now));
    }

    /// <summary>A worker is gone.</summary>
    public IReadOnlyList<RunEffect> WorkerLost(string worker, TimeSpan now) => WorkersLost([worker], now);

    /// <summary>Workers are gone, all those of a node for instance: their leases are given to others at once.</summary>
    public IReadOnlyList<RunEffect> WorkersLost(IReadOnlyList<string> workers, TimeSpan now) => Collect(() =>
    {
        _revoked.ExceptWith(workers);
        int before = _workers.Count;
        _workers.ExceptWith(workers);
        if (_workers.Count < before)
            MembersChanged(now);
    });

    /// <summary>A parameter shard is there and has no state: it is new, or it restarted.</summary>
    public IReadOnlyList<RunEffect> ShardRegistered(int shard, string address, TimeSpan now)
    {
        if ((uint)shard >= (uint)_shards.Length)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"The run has parameter shards 0 to {_shards.Length - 1}.");
        if (_shards[shard] != address)
            _lastCame = now; // one that waits for its state registers again and again
        _shards[shard] = address;
        return Collect(() =>
        {
            if (_settings.MembersReturn && BytesOf(_shards) > RunSettings.MostAddressBytes)
                Fail($"The addresses of {_shards.Length} parameter shards do not go into one message. Order fewer, or give the nodes shorter names with --host.");
            else if (_phase == Phase.Training)
                BeginRestore(now);
            else
                MembersChanged(now); // a checkpoint that is being loaded is for this one as well
        });
    }

    /// <summary>A parameter shard is gone, and another node is to take its place: what it held is lost, and all wait for it.</summary>
    public IReadOnlyList<RunEffect> ShardUnplaced(int shard, TimeSpan now) => Collect(() =>
    {
        _shards[shard] = null;
        if (_phase is Phase.Training or Phase.Restoring)
            Gather(now);
    });

    /// <summary>A parameter shard is gone and does not come back by itself.</summary>
    public IReadOnlyList<RunEffect> ShardLost(int shard, string reason) =>
        Collect(() => Fail($"Parameter shard {shard} of {_shards.Length} is lost: {reason}"));

    /// <summary>The checkpoint asked for by <see cref="LoadCheckpoint"/> is at hand.</summary>
    public IReadOnlyList<RunEffect> CheckpointLoaded(Generation generation, long version, IReadOnlyList<EpochReport> history, TimeSpan now) => Collect(() =>
    {
        if (_phase != Phase.Restoring || generation != _generation)
            return;
        _restoredAt = generation;
        _history = [.. history];
        _epochsShown = Math.Max(_epochsShown, _history.Count);
        RolledBack(version);
        Array.Fill(_versions, version);
        ResetSnapshots(version);
        if (_isStopRequested)
            InterruptAtCheckpoint(now);
        else if (_workers.Count == 0)
            NobodyIsLeft(now);
        else
            BeginTraining(now);
    });

    /// <summary>A shard reached a version.</summary>
    public IReadOnlyList<RunEffect> StepsReached(Generation generation, int shard, long version, LossStatistics epochStatistics, TimeSpan now) => Collect(() =>
    {
        if (!IsCurrent(generation) || !IsOfRun(shard, version))
            return;
        if (version > _versions[shard])
            Stepped(version, now);
        _versions[shard] = Math.Max(_versions[shard], version);
        if (shard == 0)
            Progress(version, epochStatistics);
        Moved(now);
    });

    /// <summary>A step's gradient was not finite; the shard refused it.</summary>
    /// <param name="generation">The shard's.</param>
    /// <param name="version">The version the step started from.</param>
    /// <param name="tensor">The tensor with the offending element.</param>
    /// <param name="worker">Who computed it.</param>
    public IReadOnlyList<RunEffect> StepRefused(Generation generation, long version, string tensor, string worker) => Collect(() =>
    {
        if (IsCurrent(generation))
            Fail($"Step {version + 1} was refused: the gradient of {tensor} from {worker} is not finite. Try a smaller learning rate.", isNonFinite: true);
    });

    // Once a run has begun it goes on with as few as one.
    private int WorkersNeeded => _hasBegun || _settlesForFewer ? 1 : _settings.Workers;

    private bool HasRoomFor(string worker) =>
        _workers.Count < RunSettings.MostWorkers && BytesOf(_workers) + BytesOf([worker]) <= RunSettings.MostAddressBytes;

    private static int BytesOf(IEnumerable<string?> addresses) => addresses.Sum(address => address is null ? 0 : Encoding.UTF8.GetByteCount(address));

    // Anybody who reaches the node's port can send a message.
    private bool IsOfRun(int shard, long version) => (uint)shard < (uint)_shards.Length && version >= 0 && version <= _plan.TotalSteps;

    private bool IsStepping => _versions.Min() < _until;

    private const string NobodyLeft = "The last worker is lost; there is nobody left to compute gradients.";

    // A shard is further than it was known to be: nobody is asked whom it waits for, and a snapshot may be complete.
    private void Moved(TimeSpan now)
    {
        _lastProgress = now;
        _isAskingForMissing = false;
        StopClockAtStandstill(now);
        Settle(now);
    }

    private IReadOnlyList<RunEffect> Collect(Action decide)
    {
        _effects.Clear();
        if (_phase != Phase.Over)
            decide();
        return _effects.Count == 0 ? [] : [.. _effects];
    }

    private void MembersChanged(TimeSpan now)
    {
        if (_phase == Phase.Training && _workers.Count > 0)
        {
            _generation = _generation.Next();
            _lastProgress = now;
            _isAskingForMissing = false;
            Announce();
        }
        else if (_phase == Phase.Training && _versions.Min() < _plan.TotalSteps)
        {
            NobodyIsLeft(now);
        }
        else if (_phase == Phase.Gathering && _workers.Count >= WorkersNeeded && !_shards.Contains(null))
        {
            BeginRestore(now);
        }
    }

    private void BeginRestore(TimeSpan now)
    {
        StopClock(now);
        _phase = Phase.Restoring;
        _lastProgress = now;
        _generation = _generation.Next();
        _effects.Add(new LoadCheckpoint(_generation));
    }

    // Nothing is lost by it but the steps since the checkpoint, which are replayed; a run that is to stop ends there.
    private void Gather(TimeSpan now)
    {
        if (_isStopRequested)
        {
            BeginRestore(now);
            return;
        }
        StopClock(now);
        _phase = Phase.Gathering;
        _lastProgress = now;
    }

    private void NobodyIsLeft(TimeSpan now)
    {
        if (_settings.MembersReturn || _isStopRequested)
            Gather(now);
        else
            Fail(NobodyLeft);
    }

    private void BeginTraining(TimeSpan now)
    {
        _phase = Phase.Training;
        if (!_hasBegun)
            Advanced(now);
        _hasBegun = true;
        _lastProgress = now;
        _isAskingForMissing = false;
        _effects.Add(new RestoreShards(_generation));
        Announce();
        GoOn(now);
    }

    // Arrays, which every serializer knows: the addresses go into messages.
    private void Announce() => _effects.Add(new OpenGeneration(_generation, _restoredAt, _workers.ToArray(), _shards.Select(s => s!).ToArray()));

    private void Fail(string reason, bool isNonFinite = false)
    {
        _phase = Phase.Over;
        _effects.Add(new FailRun(reason, isNonFinite));
    }
}
