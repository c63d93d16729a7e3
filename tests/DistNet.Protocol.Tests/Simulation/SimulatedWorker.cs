using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A gradient sum under way.</summary>
internal sealed record Push(Generation Generation, long Version, TreeNode Node, string Worker, LossStatistics Statistics, float[] Sum);

/// <summary>A worker as its actor is: one incarnation of it.</summary>
internal sealed class SimulatedWorker(SimulatedCluster cluster, string address)
{
    private WorkerState _state = new(cluster.Plan.TotalSteps);
    private IReadOnlyList<string> _shards = [];

    public string Address => address;

    /// <summary>Begins with nothing, at the first start or after a crash that spared its mailbox.</summary>
    public void Start()
    {
        _state = new WorkerState(cluster.Plan.TotalSteps);
        _shards = [];
        cluster.Network.Send(address, SimulatedCoordinator.Address, () => cluster.Coordinator.WorkerRegistered(address));
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

    private void Compute()
    {
        if (!_state.TryTakeStep(out long version))
            return;
        int count = cluster.Plan.MicroBatchCount(version);
        List<TreeNode> nodes = [];
        ReductionTree.Cover(count, _state.Lease!.Value.First(count), _state.Lease.Value.End(count), nodes);
        float[] parameters = cluster.Store.Read(version);
        foreach (TreeNode node in nodes.Where(_ => cluster.Store.IsIntact(_state.Generation, version)))
            Send(new Push(_state.Generation, version, node, address, TinyRun.Statistics(parameters, version, node), TinyRun.GradientSum(parameters, version, node)));
    }

    private void Send(Push push)
    {
        foreach (string shard in _shards)
            cluster.Network.Send(address, shard, () => cluster.Shard(shard).Push(push));
    }
}
