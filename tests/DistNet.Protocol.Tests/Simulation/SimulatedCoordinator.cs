using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>The coordinator as its actor is, with the keeper of its snapshots.</summary>
internal sealed class SimulatedCoordinator
{
    public const string Address = "coordinator";

    private const string Tensors = "tensors of the coordinator";

    private const string Keeper = "keeper";

    private readonly SimulatedCluster _cluster;
    private readonly RunState _state;
    private readonly Checkpoint _start;
    private readonly Dictionary<int, string> _shards = [];

    // Pieces of the snapshot under way.
    private readonly Dictionary<int, (Piece Piece, int[] Range)> _pieces = [];
    private Checkpoint _newest;
    private Checkpoint? _settling;

    public SimulatedCoordinator(SimulatedCluster cluster, RunSettings settings, int checkpointEvery, Checkpoint start)
    {
        (_cluster, _start, _newest) = (cluster, start, start);
        _state = new RunState(cluster.Spec, cluster.Plan, new SnapshotPlan(cluster.Plan, cluster.Spec, checkpointEvery), settings, TimeSpan.Zero);
        Tick();
    }

    /// <summary>Checkpoints on the simulated disk.</summary>
    public List<Checkpoint> Saved { get; } = [];

    /// <summary>Where the run ended.</summary>
    public Checkpoint Newest => _newest;

    public TrainingEnd? End { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>Epochs as the user saw them.</summary>
    public List<EpochReport> Shown { get; } = [];

    /// <summary>Whether all members have been there.</summary>
    public bool HasBegun => _state.Generation > Generation.None;

    public string Describe() => _state.Describe();

    private TimeSpan Now => _cluster.Network.Now;

    public void WorkerRegistered(string worker) => Do(_state.WorkerRegistered(worker, Now));

    public void WorkerLost(string worker) => Do(_state.WorkerLost(worker, Now));

    public void ShardRegistered(int shard, string address)
    {
        _shards[shard] = address;
        Do(_state.ShardRegistered(shard, address, Now));
    }

    public void StepsReached(Generation generation, int shard, long version, LossStatistics statistics) =>
        Do(_state.StepsReached(generation, shard, version, statistics, Now));

    public void Held(Generation generation, int shard, long version) => Do(_state.Held(generation, shard, version, Now));

    public void MissingReported(Generation generation, int shard, long version, int microBatch) =>
        Do(_state.MissingReported(generation, shard, version, microBatch, Now));

    public void SnapshotArrived(Piece piece, int[] range)
    {
        if (!_state.AwaitsSnapshot(piece.Generation, piece.Version))
            return;
        if (_pieces.Values.Any(other => other.Piece.Version != piece.Version))
            _pieces.Clear();
        _pieces[piece.Shard] = (piece, range);
        Do(_state.SnapshotArrived(piece.Generation, piece.Shard, piece.Version, Now));
    }

    public void Stop() => Do(_state.StopRequested(Now));

    private void Tick()
    {
        Do(_state.Tick(Now));
        _cluster.Network.After(TimeSpan.FromSeconds(1), Tick);
    }

    private void Do(IReadOnlyList<RunEffect> effects)
    {
        foreach (RunEffect effect in effects)
            Do(effect);
    }

    private void Do(RunEffect effect)
    {
        switch (effect)
        {
            case LoadCheckpoint e: Keep(() => Saved.Count == 0 ? _start : Saved[^1], loaded => Loaded(e.Generation, loaded)); break;
            case RestoreShards e: Checkpoint from = _newest; TellShards(shard => shard.Restore(e.Generation, from), Tensors); break;
            case OpenGeneration e: Open(e); break;
            case AdvanceShards e: TellShards(shard => shard.Advance(e.Generation, e.RestoredAt, e.Until, e.SnapshotAt)); break;
            case HoldShards e: TellShards(shard => shard.Hold(e.Generation)); break;
            case RevokeLease e: _cluster.Network.Send(Address, e.Worker, () => _cluster.Worker(e.Worker).Revoked()); break;
            case AskForMissing: TellShards(shard => shard.AskMissing()); break;
            case EvaluateSnapshot e: Evaluate(e.Generation, TakeSnapshot(e.Version)); break;
            case SaveCheckpoint e: Save(e.Generation, TakeSnapshot(e.Version)); break;
            case ShowEpoch e: Shown.Add(e.Report); break;
            case FinishRun e: End = e.End; break;
            case FailRun e: Failure = e.Reason; break;
        }
    }

    private void Open(OpenGeneration open)
    {
        for (int i = 0; i < open.Workers.Count; i++)
        {
            (string worker, Lease lease) = (open.Workers[i], new Lease(i, open.Workers.Count));
            _cluster.Send(Address, worker, () => _cluster.Worker(worker).Lease(open.Generation, lease, open.Shards));
        }
        TellShards(shard => shard.Open(open.Generation, open.RestoredAt, open.Workers));
    }

    // States travel another way than orders, so that either may come first.
    private void TellShards(Action<SimulatedShard> message, string from = Address)
    {
        foreach (string shard in _shards.Values)
            _cluster.Send(from, shard, () => message(_cluster.Shard(shard)));
    }

    private Checkpoint TakeSnapshot(long version)
    {
        if (_pieces.Values.Any(piece => piece.Piece.Version == version))
            _settling = Assemble(version);
        else if (_settling?.Version != version)
            _settling = _newest;
        _pieces.Clear();
        return _settling with { History = _state.HistoryAt(version) };
    }

    private Checkpoint Assemble(long version)
    {
        float[] parameters = new float[TinyRun.ParameterCount], velocity = new float[TinyRun.ParameterCount];
        foreach ((Piece piece, int[] range) in _pieces.Values)
        {
            for (int i = 0; i < range.Length; i++)
                (parameters[range[i]], velocity[range[i]]) = (piece.Parameters[i], piece.Velocity[i]);
        }
        LossStatistics statistics = _cluster.Plan.IsEpochEnd(version) ? default : _pieces[0].Piece.EpochStatistics;
        return _start with { Version = version, Parameters = parameters, Slots = new Dictionary<string, float[]> { ["velocity"] = velocity }, EpochStatistics = statistics };
    }

    private void Evaluate(Generation generation, Checkpoint snapshot) =>
        Keep(() => TinyRun.Validate(snapshot.Parameters), validation => Do(_state.Evaluated(generation, snapshot.Version, validation)));

    private void Save(Generation generation, Checkpoint snapshot) => Keep(
        () =>
        {
            Saved.Add(snapshot);
            return snapshot;
        },
        saved =>
        {
            _newest = saved;
            Do(_state.CheckpointSaved(generation, saved.Version, Now));
        });

    private void Loaded(Generation generation, Checkpoint loaded)
    {
        _newest = loaded;
        Do(_state.CheckpointLoaded(generation, loaded.Version, loaded.History, Now));
    }

    // The keeper works off what it is asked for, one after the other, at its own pace, and answers.
    private void Keep<T>(Func<T> work, Action<T> answer) => _cluster.Network.Send(Address, Keeper, () =>
    {
        T result = work();
        _cluster.Network.Send(Keeper, Address, () => answer(result));
    });
}
