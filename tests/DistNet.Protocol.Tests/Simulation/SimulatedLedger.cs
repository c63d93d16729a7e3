namespace DistNet.Protocol.Tests.Simulation;

/// <summary>Steps that a shard reports, with the workers that their records number.</summary>
internal sealed record ReportedSteps(Generation RestoredAt, int Shard, string[] Workers, StepRecord[] Steps);

/// <summary>The keeper of the ledger as its actor is, beside one incarnation of the coordinator. What it has written is in the cluster's journal.</summary>
internal sealed class SimulatedLedger
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly SimulatedCluster _cluster;
    private readonly SimulatedCoordinator _coordinator;
    private readonly RunLedger _ledger = new();
    private readonly GatheredSteps _steps = new();
    private readonly Dictionary<int, SimulatedShard> _shards = [];
    private (Generation Generation, long Version)? _awaited;

    public SimulatedLedger(SimulatedCluster cluster, SimulatedCoordinator coordinator)
    {
        (_cluster, _coordinator) = (cluster, coordinator);
        foreach (LedgerEvent entry in cluster.Journal)
            _ledger.Apply(entry);
        if (_ledger.Accepted is null)
            Record(cluster.Accepted);
    }

    public string Address => $"{_coordinator.Address}/ledger";

    /// <summary>The newest generation that is safe; the run goes on with the next.</summary>
    public Generation Newest => _cluster.Fault == Fault.ForgetsGenerations ? Generation.None : _ledger.Generation;

    public void LookAround() => _cluster.Network.After(Interval, () =>
    {
        _cluster.Network.Reach(Address, () =>
        {
            if (_awaited is not null && !IsAwaitedThere)
                _coordinator.RepeatSteps(_ledger.RestoredAt);
            if (_steps.Count > 0)
                WriteSteps();
        });
        if (!_cluster.Network.IsGone(Address))
            LookAround();
    });

    public void Gather(ReportedSteps report, SimulatedShard sender)
    {
        if (!_steps.IsOf(report.RestoredAt, report.Shard))
            return;
        _shards[report.Shard] = sender;
        if (!_steps.Add(new StepsRecorded(report.Shard, [.. report.Steps.Select(step => Numbered(step, report.Workers))])))
            _cluster.Send(Address, sender.Address, () => sender.Repeat(report.RestoredAt));
        if (IsAwaitedThere)
            WriteSteps();
    }

    public void Write(LedgerEvent entry)
    {
        LedgerEvent last = entry is GenerationOpened opened ? opened with { FromVersion = _steps.Version } : entry;
        Record([.. _steps.Take(), last]);
        if (last is ShardsRestored restored)
        {
            _steps.Begin(restored);
            _shards.Clear();
            _awaited = null;
        }
        Acknowledge();
    }

    public void Secure(Generation generation, long version)
    {
        _awaited = (generation, version);
        if (IsAwaitedThere)
            WriteSteps();
    }

    private bool IsAwaitedThere => _awaited is { } awaited && (!_steps.HasBegun || _steps.Version >= awaited.Version);

    private void WriteSteps()
    {
        Record([.. _steps.Take()]);
        Acknowledge();
    }

    private void Acknowledge()
    {
        foreach ((int index, SimulatedShard shard) in _shards)
        {
            (Generation restoredAt, long version) = (_ledger.RestoredAt, _ledger.Versions[index]);
            _cluster.Send(Address, shard.Address, () => shard.Forget(restoredAt, version));
        }
        if (!IsAwaitedThere)
            return;
        (Generation Generation, long Version) awaited = _awaited!.Value;
        _awaited = null;
        _cluster.Network.Send(Address, _coordinator.Address, () => _coordinator.Secured(awaited.Generation, awaited.Version));
    }

    private void Record(params LedgerEvent[] events)
    {
        foreach (LedgerEvent entry in events)
        {
            _cluster.Journal.Add(entry);
            _ledger.Apply(entry);
        }
    }

    private StepRecord Numbered(StepRecord step, string[] workers) =>
        step with { Sums = [.. step.Sums.Select(sum => sum with { Worker = NumberOf(workers[sum.Worker]) })] };

    private int NumberOf(string worker)
    {
        if (_ledger.Workers.Addresses.Contains(worker))
            return _ledger.Workers.NumberOf(worker);
        _cluster.Fail($"a step was made with a sum of {worker}, which no generation has named");
        return 0;
    }
}
