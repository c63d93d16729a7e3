using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A gradient sum under way.</summary>
internal sealed record Push(Generation Generation, long Version, TreeNode Node, string Worker, LossStatistics Statistics, float[] Sum);

/// <summary>A worker as its actor is: one incarnation of it.</summary>
internal sealed class SimulatedWorker(SimulatedCluster cluster, SimulatedPart part, string address)
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(5);

    private WorkerState _state = new(cluster.Plan.TotalSteps);
    private IReadOnlyList<string> _shards = [];
    private bool _isLooking;
    private bool _isHelping;

    public string Address => address;

    /// <summary>Begins with nothing, at the first start or after a crash that spared its mailbox.</summary>
    public void Start()
    {
        _state = new WorkerState(cluster.Plan.TotalSteps);
        _shards = [];
        _isHelping = false;
        Register();
        if (_isLooking || !cluster.IsSpread)
            return;
        _isLooking = true;
        Look();
    }

    /// <summary>The lease is another's.</summary>
    public void Revoked()
    {
        if (_state.Revoke())
            Register();
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

    public void Help(Generation generation, long version, IReadOnlyList<TreeNode> nodes)
    {
        if (!_state.AskedForHelp(generation, version, nodes) || _isHelping)
            return;
        _isHelping = true;
        HelpOn();
    }

    private void Register() => cluster.SendToCoordinator(address, part, coordinator => coordinator.WorkerRegistered(address));

    // A registration, or the lease that answers it, can be lost.
    private void Look() => cluster.Network.After(LookInterval, () => cluster.Network.Reach(address, () =>
    {
        if (_state.Lease is null)
            Register();
        Look();
    }));

    private void Compute()
    {
        if (!_state.TryTakeStep(out long version))
            return;
        int count = cluster.Plan.MicroBatchCount(version);
        List<TreeNode> nodes = [];
        ReductionTree.Cover(count, _state.Lease!.Value.First(count), _state.Lease.Value.End(count), nodes);
        foreach (TreeNode node in nodes)
            Compute(version, node);
    }

    // A message to itself for each node, so that what comes meanwhile is heard between two.
    private void HelpOn() => cluster.Network.Send(address, address, () =>
    {
        _isHelping = _state.TryTakeHelp(out long version, out TreeNode node);
        if (!_isHelping)
            return;
        cluster.Helped++;
        Compute(version, node);
        HelpOn();
    });

    private void Compute(long version, TreeNode node)
    {
        if (!part.Store.IsIntact(_state.Generation, version))
            return;
        float[] parameters = part.Store.Read(version);
        LossStatistics statistics = TinyRun.Statistics(parameters, version, node, cluster.Plan.Batch(version).Count);
        Push push = new(_state.Generation, version, node, address, statistics, TinyRun.GradientSum(parameters, version, node));
        for (int shard = 0; shard < _shards.Count; shard++)
            cluster.SendToShard(address, _shards[shard], shard, part.Coordinator.Run, to => to.Push(push));
    }
}
