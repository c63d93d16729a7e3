using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A gradient sum under way.</summary>
internal sealed record Push(Generation Generation, long Version, TreeNode Node, string Worker, LossStatistics Statistics, float[] Sum);

/// <summary>A worker as its actor is: one incarnation of it.</summary>
internal sealed class SimulatedWorker(SimulatedCluster cluster, string address)
{
    private WorkerState _state = new(cluster.Plan.TotalSteps);
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private readonly SimulatedStore _store = cluster.StoreOf(address);
    private IReadOnlyList<string> _shards = [];
    private bool _isLooking;

    public string Address => address;

    /// <summary>Begins with nothing, at the first start or after a crash that spared its mailbox.</summary>
    public void Start()
    {
        _state = new WorkerState(cluster.Plan.TotalSteps);
        _shards = [];
        Register();
        if (_isLooking || !cluster.IsSpread)
            return;
        _isLooking = true;
        Look();
    }

    /// <summary>The lease is another's.</summary>
    public void Revoked()
    {
        _state.Revoke();
        Register();
    }

    /// <summary>A range of a version has come from another node.</summary>
    public void Received(Generation generation, int shard, long version, int[] range, float[] values)
    {
        if (_store.TryReceive(generation, version, range, values))
            Published(generation, shard, version);
    }

    public void Lease(Generation generation, Lease lease, IReadOnlyList<string> shards)
    {
        if (!_state.Open(generation, lease, shards.Count))
            return;
        _shards = shards;
        Compute();
    }

    public void Published(Generation generation, int shard, long version)
    {
        if (_state.Published(cluster.Fenced(generation, _state.Generation), shard, version))
            Compute();
    }

    private void Register() => cluster.Send(address, SimulatedCoordinator.Address, () => cluster.Coordinator.WorkerRegistered(address));

    // A registration, or the lease that answers it, can be lost.
    private void Look() => cluster.Network.After(LookInterval, () =>
    {
        if (!cluster.IsThere(this))
            return;
        if (_state.Lease is null)
            Register();
        Look();
    });

    private void Compute()
    {
        if (!_state.TryTakeStep(out long version))
            return;
        int count = cluster.Plan.MicroBatchCount(version);
        List<TreeNode> nodes = [];
        ReductionTree.Cover(count, _state.Lease!.Value.First(count), _state.Lease.Value.End(count), nodes);
        float[] parameters = _store.Read(version);
        foreach (TreeNode node in nodes.Where(_ => _store.IsIntact(_state.Generation, version)))
            Send(new Push(_state.Generation, version, node, address, TinyRun.Statistics(parameters, version, node), TinyRun.GradientSum(parameters, version, node)));
    }

    private void Send(Push push)
    {
        foreach (string shard in _shards)
        {
            if (cluster.AreTogether(address, shard))
                cluster.Network.Send(address, shard, () => cluster.Shard(shard).Push(push));
            else
                cluster.Send(address + " tensors", shard, () => cluster.Shard(shard).Push(push));
        }
    }
}
