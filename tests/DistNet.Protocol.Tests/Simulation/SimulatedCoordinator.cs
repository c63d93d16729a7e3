using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>One incarnation of the coordinator as its actor is, with the keepers of its snapshots and of its ledger, and the run manager beside it.</summary>
internal sealed class SimulatedCoordinator
{
    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(5);

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedLedger _ledger;
    private readonly RunState _state;
    private readonly NodeRoster? _roster;
    private readonly Dictionary<int, string> _shards = [];
    private readonly HashSet<string> _workers = [];

    // Nodes that the run manager has heard of, and when it last did.
    private readonly Dictionary<SimulatedNode, TimeSpan> _heard = [];

    // Pieces of the snapshot under way.
    private readonly Dictionary<int, (Piece Piece, int[] Range)> _pieces = [];
    private Checkpoint _newest;
    private Checkpoint? _settling;
    private SaveCheckpoint? _unsecured;

    public SimulatedCoordinator(SimulatedCluster cluster, long run, RunSettings settings, int checkpointEvery, int parameterServers)
    {
        (_cluster, Run, _newest) = (cluster, run, cluster.Start);
        _ledger = new SimulatedLedger(cluster, this);
        _roster = parameterServers == 0 ? null : new NodeRoster(settings.ParameterShards, parameterServers);
        SnapshotPlan snapshots = new(cluster.Plan, cluster.Spec, checkpointEvery);
        _state = new RunState(cluster.Spec, cluster.Plan, snapshots, settings with { NewestGeneration = _ledger.Newest, IsTakenOver = _ledger.Newest > Generation.None }, cluster.Network.Now);
    }

    /// <summary>The incarnation, from 1.</summary>
    public long Run { get; }

    public string Address => $"coordinator-{Run}";

    /// <summary>Where the run ended.</summary>
    public Checkpoint Newest => _newest;

    public TrainingEnd? End { get; private set; }

    public string? Failure { get; private set; }

    /// <summary>Epochs as the user saw them.</summary>
    public List<EpochReport> Shown { get; } = [];

    /// <summary>Whether all members have been there.</summary>
    public bool HasBegun { get; private set; }

    /// <summary>Begins to look around.</summary>
    public void Begin()
    {
        Tick();
        _ledger.LookAround();
        if (_cluster.IsSpread && _cluster.Network.Chance(3) == 0)
            _cluster.Network.Pause(_ledger.Address, _cluster.Network.Milliseconds(4_000)); // a slow disk
    }

    /// <summary>The run manager heard of a node, and of the run that it takes part in.</summary>
    public void Heard(SimulatedNode node, long run)
    {
        _heard[node] = Now;
        if (run != Run)
            _cluster.Send(Address, node.Address, () => node.TakePart(this));
    }

    public void NodeReady(SimulatedNode node, long beginning) => Do(_roster!.Ready(node.Address, node.Place, beginning, node.TakesShards));

    /// <summary>A node is taken for lost, rightly or not.</summary>
    public void NodeLost(string place) => Do(_roster!.Lost(place));

    /// <summary>A shard's actor has ended.</summary>
    public void ShardEnded(int shard, string address)
    {
        if (_shards.GetValueOrDefault(shard) == address)
            NodeLost(SimulatedCluster.PlaceOf(address));
    }

    public void StepsReported(ReportedSteps report, SimulatedShard sender) =>
        _cluster.Network.Send(Address, _ledger.Address, () => _ledger.Gather(report, sender));

    public void RepeatSteps(Generation restoredAt) => TellShards(shard => shard.Repeat(restoredAt));

    public void Secured(Generation generation, long version)
    {
        if (_unsecured is { } save && (save.Generation, save.Version) == (generation, version))
            Save(save);
    }

    public string Describe() => _state.Describe();

    private TimeSpan Now => _cluster.Network.Now;

    public void WorkerRegistered(string worker)
    {
        _workers.Add(worker);
        Do(_state.WorkerRegistered(worker, Now));
    }

    public void WorkerLost(string worker)
    {
        _workers.Remove(worker);
        Do(_state.WorkerLost(worker, Now));
    }

    public void ShardRegistered(int shard, string address)
    {
        if (_roster is not null && !_roster.ShardRegistered(shard, SimulatedCluster.PlaceOf(address)))
            return;
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
        if (_cluster.Network.IsGone(Address))
            return;
        foreach (SimulatedNode node in _heard.Where(entry => Now - entry.Value > Silence).Select(entry => entry.Key).ToArray())
        {
            _heard.Remove(node);
            NodeLost(node.Place);
        }
        Do(_state.Tick(Now));
        _cluster.Network.After(TimeSpan.FromSeconds(1), Tick);
    }

    private void Do(IReadOnlyList<NodeEffect> effects)
    {
        foreach (NodeEffect effect in effects)
        {
            switch (effect)
            {
                case NodeLeft e: LoseMembers(e.Place, e.Shards); break;
                case BeginNodeAnew e: TellNode(e.Node, node => node.Rejoin(this, e.Beginning)); break;
                case PlaceShardsOn e: TellNode(e.Node, node => node.Own(this, e.Shards)); break;
            }
        }
    }

    private void TellNode(string address, Action<SimulatedNode> message) =>
        _cluster.Send(Address, address, () => message(_cluster.Node(address)));

    private void LoseMembers(string place, IReadOnlyList<int> shards)
    {
        foreach (string worker in _workers.Where(worker => SimulatedCluster.PlaceOf(worker) == place).Order(StringComparer.Ordinal).ToArray())
            WorkerLost(worker);
        foreach (int shard in shards)
        {
            _shards.Remove(shard);
            Do(_state.ShardUnplaced(shard, Now));
        }
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
            case LoadCheckpoint e: Load(e.Generation); break;
            case RestoreShards e: Restore(e.Generation, _newest); break;
            case UndoSteps e: RecordRestore(e.Generation, _newest); break;
            case OpenGeneration e: Open(e); break;
            case AdvanceShards e: TellShards(shard => shard.Advance(e.Generation, e.RestoredAt, e.Until, e.SnapshotAt)); break;
            case SettleForFewer: Do(_roster!.SettleForFewer()); break;
            case HoldShards e: TellShards(shard => shard.Hold(e.Generation)); break;
            case RevokeLease e: _cluster.Send(Address, e.Worker, () => _cluster.Worker(e.Worker).Revoked()); break;
            case AskForMissing: TellShards(shard => shard.AskMissing()); break;
            case EvaluateSnapshot e: Evaluate(e.Generation, TakeSnapshot(e.Version)); break;
            case SaveCheckpoint e: SaveWhenSafe(e); break;
            case ShowEpoch e: Show(e.Report); break;
            case FinishRun e: Finish(e.End); break;
            case FailRun e: Failure = e.Reason; break;
        }
    }

    private void Load(Generation generation)
    {
        _unsecured = null;
        Keep(() => _cluster.Saved.Count == 0 ? _cluster.Start : _cluster.Saved[^1], loaded => Loaded(generation, loaded));
    }

    private void Restore(Generation generation, Checkpoint from)
    {
        RecordRestore(generation, from);
        foreach ((int index, string shard) in _shards)
            _cluster.SendToShard(Address + " tensors", shard, index, Run, to => to.Restore(generation, from));
    }

    private void RecordRestore(Generation generation, Checkpoint from) =>
        Record(new ShardsRestored(generation, from.Version, _cluster.ShardCount, ""));

    private void SaveWhenSafe(SaveCheckpoint save)
    {
        _unsecured = save;
        _cluster.Network.Send(Address, _ledger.Address, () => _ledger.Secure(save.Generation, save.Version));
    }

    private void Show(EpochReport report)
    {
        Shown.Add(report);
        Record(new EpochRecorded(report));
    }

    // The run is over when it is over in the ledger.
    private void Finish(TrainingEnd end)
    {
        Record(new RunEnded(end, _newest.Version, ""));
        _cluster.Network.Send(Address, _ledger.Address, () => _cluster.Network.Send(_ledger.Address, Address, () => End = end));
    }

    private void Record(LedgerEvent entry) => _cluster.Network.Send(Address, _ledger.Address, () => _ledger.Write(entry));

    private void Open(OpenGeneration open)
    {
        HasBegun = true;
        Record(new GenerationOpened(open.Generation, 0, [.. open.Workers]));
        for (int i = 0; i < open.Workers.Count; i++)
        {
            (string worker, Lease lease) = (open.Workers[i], new Lease(i, open.Workers.Count));
            _cluster.Send(Address, worker, () => _cluster.Worker(worker).Lease(open.Generation, lease, open.Shards));
        }
        TellShards(shard => shard.Open(open.Generation, open.RestoredAt, open.Workers));
    }

    private void TellShards(Action<SimulatedShard> message)
    {
        foreach (string shard in _shards.Values)
            _cluster.Send(Address, shard, () => message(_cluster.Shard(shard)));
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
        return _cluster.Start with { Version = version, Parameters = parameters, Slots = new Dictionary<string, float[]> { ["velocity"] = velocity }, EpochStatistics = statistics };
    }

    private void Evaluate(Generation generation, Checkpoint snapshot) =>
        Keep(() => TinyRun.Validate(snapshot.Parameters), validation => Do(_state.Evaluated(generation, snapshot.Version, validation)));

    private void Save(SaveCheckpoint save)
    {
        _unsecured = null;
        Checkpoint snapshot = TakeSnapshot(save.Version);
        Keep(
            () =>
            {
                _cluster.Saved.Add(snapshot);
                return snapshot;
            },
            saved =>
            {
                _newest = saved;
                Record(new CheckpointRecorded(saved.Version, "", ""));
                Do(_state.CheckpointSaved(save.Generation, saved.Version, Now));
            });
    }

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

    private string Keeper => $"{Address}/keeper";
}
