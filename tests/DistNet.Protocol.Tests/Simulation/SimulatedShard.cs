using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A copy of a shard's range at a version.</summary>
internal sealed record Piece(Generation Generation, int Shard, long Version, float[] Parameters, float[] Velocity, LossStatistics EpochStatistics);

/// <summary>A parameter shard as its actor is: one incarnation of it. It has every n-th parameter.</summary>
internal sealed class SimulatedShard(SimulatedCluster cluster, SimulatedPart part, int index, string address)
{
    private static readonly TimeSpan RegisterInterval = TimeSpan.FromSeconds(5);

    private readonly int[] _range = [.. Enumerable.Range(0, TinyRun.ParameterCount).Where(i => i % cluster.ShardCount == index)];

    // In order of arrival, and what came twice: what an aggregator without tree or collector would add.
    private readonly List<Push> _arrived = [];
    private readonly List<Push> _duplicates = [];

    private ParameterShardState<Push> _state = new(cluster.Plan, cluster.StepDeadline);
    private readonly SimulatedStore _store = part.Store;
    private float[]? _velocity;
    private int _start;
    private IReadOnlyList<string> _workers = [];
    private EarlyOrders _early = new();

    public string Address => address;

    public int Index => index;

    public void Start()
    {
        _state = new ParameterShardState<Push>(cluster.Plan, cluster.StepDeadline);
        _velocity = null;
        _workers = [];
        _early = new EarlyOrders();
        _start++;
        Register(_start);
        Look(_start);
    }

    // A registration can be lost: it is repeated until a state comes.
    private void Register(int start)
    {
        if (start != _start || _velocity is not null)
            return;
        Tell(coordinator => coordinator.ShardRegistered(index, address));
        if (cluster.IsSpread)
            cluster.Network.After(RegisterInterval, () => cluster.Network.Reach(address, () => Register(start)));
    }

    private void Look(int start) => cluster.Network.After(cluster.LookInterval, () =>
    {
        if (start != _start || cluster.Network.IsGone(address))
            return;
        cluster.Network.Reach(address, AskForHelp);
        Look(start);
    });

    private void AskForHelp()
    {
        IReadOnlyList<TreeNode> missing = _state.LookForStragglers(_workers.Count, cluster.Network.Now);
        if (missing.Count == 0)
            return;
        (Generation generation, long version) = (_state.Generation, _state.Version);
        foreach (string worker in _workers)
            cluster.Send(address, worker, () => cluster.Worker(worker).Help(generation, version, missing));
    }

    public void Restore(Generation generation, Checkpoint checkpoint)
    {
        if (generation <= _state.Generation)
            return;
        Drain();
        _velocity = [.. checkpoint.Slots["velocity"]];
        _store.Restore(generation, checkpoint.Version, _range, checkpoint.Parameters);
        _state.Restore(generation, checkpoint.Version, checkpoint.EpochStatistics);
        _early.Restored(generation);
    }

    public void Open(Generation generation, Generation restoredAt, IReadOnlyList<string> workers)
    {
        restoredAt = cluster.Restore(restoredAt, _state.RestoredAt);
        if (_early.Keep(restoredAt, _state.RestoredAt, () => Open(generation, restoredAt, workers)) || !_state.Open(generation, restoredAt))
            return;
        _workers = workers;
        _state.Log.IsKept = true;
        if (_state.HasPrevious)
            Publish(_state.Version - 1);
        Publish(_state.Version);
    }

    public void Advance(Generation generation, Generation restoredAt, long until, long snapshotAt)
    {
        restoredAt = cluster.Restore(restoredAt, _state.RestoredAt);
        if (_early.Keep(restoredAt, _state.RestoredAt, () => Advance(generation, restoredAt, until, snapshotAt)) || !_state.Advance(generation, restoredAt, until, snapshotAt))
            return;
        HandOverSnapshotIfDue();
        StepOn();
    }

    public void Hold(Generation restoredAt)
    {
        if (_early.Keep(restoredAt, _state.RestoredAt, () => Hold(restoredAt)))
            return;
        _state.Hold();
        (Generation generation, long version) = (_state.Generation, _state.Version);
        Tell(coordinator => coordinator.Held(generation, index, version));
    }

    public void AskMissing()
    {
        (Generation generation, long version, int microBatch) = (_state.Generation, _state.Version, _state.Sums.FirstMissing());
        Tell(coordinator => coordinator.MissingReported(generation, index, version, microBatch));
    }

    public void Push(Push push)
    {
        if (_velocity is null)
            return;
        Offer offer = _state.Offer(cluster.Fenced(push.Generation, _state.Generation), push.Version, push.Node, push.Worker, push);
        if (offer == Offer.Duplicate)
            _duplicates.Add(push);
        if (offer != Offer.Added)
            return;
        _arrived.Add(push);
        StepOn();
    }

    private void StepOn()
    {
        if (!_state.CanStep)
            return;
        float[] sum = Sum();
        _store.Write(_state.Version + 1, _range, i => TinyRun.Update(sum[i], ref _velocity![i], ref _store.Read(_state.Version + 1)[i]));
        _state.Stepped(Statistics(new TreeNode(0, _state.Sums.MicroBatchCount)), Drain);
        cluster.CheckStep(_store, index, _state.Version, _range);
        Publish(_state.Version);
        ReportIfDue();
        HandOverSnapshotIfDue();
    }

    private float[] Sum() => cluster.Fault switch
    {
        Fault.AddsInOrderOfArrival => _arrived.Where(push => _state.Sums.Contributions.Any(c => c.Sum == push)).Select(push => push.Sum).Aggregate(TinyRun.Add),
        Fault.AddsDuplicates => _duplicates.Select(push => push.Sum).Aggregate(Sum(new TreeNode(0, _state.Sums.MicroBatchCount)), TinyRun.Add),
        _ => Sum(new TreeNode(0, _state.Sums.MicroBatchCount)),
    };

    private float[] Sum(TreeNode node)
    {
        if (_state.Sums.Contributions.FirstOrDefault(c => c.Node == node).Sum is { } known)
            return known.Sum;
        (TreeNode left, TreeNode right) = TinyRun.Children(node);
        return TinyRun.Add(Sum(left), Sum(right));
    }

    private LossStatistics Statistics(TreeNode node)
    {
        if (_state.Sums.Contributions.FirstOrDefault(c => c.Node == node).Sum is { } known)
            return known.Statistics;
        (TreeNode left, TreeNode right) = TinyRun.Children(node);
        return LossStatistics.Add(Statistics(left), Statistics(right));
    }

    private void Drain()
    {
        _state.Sums.Drain(_ => { });
        _arrived.Clear();
        _duplicates.Clear();
    }

    private void Publish(long version)
    {
        Generation generation = _state.Generation;
        float[] range = [.. _range.Select(i => _store.Read(version)[i])];
        foreach (string worker in _workers.Where(worker => cluster.AreTogether(address, worker)))
            cluster.Network.Send(address, worker, () => cluster.Worker(worker).Published(generation, index, version));
        foreach (string place in _workers.Where(worker => !cluster.AreTogether(address, worker)).Select(SimulatedCluster.PlaceOf).Distinct())
            cluster.SendFrame(address, place, part.Coordinator.Run, to => Receive(to, generation, version, range));
    }

    // A range for the workers of another process.
    private void Receive(SimulatedPart to, Generation generation, long version, float[] range)
    {
        if (to.Shards.ContainsKey(index) || !to.Store.TryReceive(generation, version, _range, range))
            return;
        foreach (SimulatedWorker worker in to.Workers)
            cluster.Network.Send(address, worker.Address, () => worker.Published(generation, index, version));
    }

    public void Forget(Generation restoredAt, long version)
    {
        if (restoredAt == _state.RestoredAt)
            _state.Log.Forget(version);
    }

    public void Repeat(Generation restoredAt)
    {
        if (restoredAt != _state.RestoredAt)
            return;
        _state.Log.TakeAgain();
        ReportSteps();
    }

    private void ReportSteps()
    {
        while (_state.Log.HasMore)
        {
            StepBatch batch = _state.Log.Take();
            ReportedSteps report = new(_state.RestoredAt, index, batch.Workers, batch.Steps);
            Tell(coordinator => coordinator.StepsReported(report, this));
        }
    }

    private void ReportIfDue()
    {
        if (!_state.ShouldReport(cluster.Network.Now))
            return;
        ReportSteps();
        (Generation generation, long version, LossStatistics statistics) = (_state.Generation, _state.Version, _state.EpochStatistics);
        Tell(coordinator => coordinator.StepsReached(generation, index, version, statistics));
    }

    private void HandOverSnapshotIfDue()
    {
        if (!_state.IsSnapshotDue)
            return;
        _state.SnapshotTaken();
        float[] parameters = _store.Read(_state.Version);
        Piece piece = new(_state.Generation, index, _state.Version, [.. _range.Select(i => parameters[i])], [.. _range.Select(i => _velocity![i])], _state.EpochStatistics);
        cluster.SendSnapshot(address, part.Coordinator.Run, to => to.SnapshotArrived(piece, _range));
    }

    private void Tell(Action<SimulatedCoordinator> message) =>
        cluster.SendToCoordinator(address, part, message);
}
