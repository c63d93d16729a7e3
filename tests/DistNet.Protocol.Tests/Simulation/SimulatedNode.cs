namespace DistNet.Protocol.Tests.Simulation;

/// <summary>A process at a place, with what it does for the run under way: its agent and its part in the run.</summary>
internal sealed class SimulatedNode(SimulatedCluster cluster, string place, int process, bool takesShards, int slots)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // Grows with each part that the process has begun.
    private long _beginning;
    private bool _isReady;

    public string Address => $"{place}~{process}";

    public string Place => place;

    public bool TakesShards => takesShards;

    public int Slots => slots;

    /// <summary>Null before it was told of a run.</summary>
    public SimulatedPart? Part { get; private set; }

    private long Run => Part?.Coordinator.Run ?? 0;

    public void Start() => cluster.Network.After(Interval, () =>
    {
        if (!cluster.IsThere(this))
            return;
        cluster.Network.Reach(Address, Report);
        Start();
    });

    /// <summary>Takes part in a run, unless in that one or a newer one already.</summary>
    public void TakePart(SimulatedCoordinator coordinator)
    {
        if (coordinator.Run > Run)
            BeginAnew(coordinator);
    }

    /// <summary>It was taken for lost.</summary>
    public void Rejoin(SimulatedCoordinator coordinator, long beginning)
    {
        if (Part?.Coordinator == coordinator && beginning >= _beginning)
            BeginAnew(coordinator);
    }

    /// <summary>These shards live here now; those that do already stay.</summary>
    public void Own(SimulatedCoordinator coordinator, IReadOnlyList<int> shards)
    {
        if (Part?.Coordinator != coordinator)
            return;
        foreach (int shard in shards.Where(shard => !Part.Shards.ContainsKey(shard)))
            Part.Shards[shard] = cluster.StartShard(Part, shard, $"{Part.Address}/shard-{shard}");
    }

    // Every second: here, in that run; and to its coordinator: ready.
    private void Report()
    {
        long run = Run;
        if (cluster.Coordinator is { } manager)
            cluster.Send(Address, manager.Address, () => manager.Heard(this, run));
        if (_isReady)
            Ready();
    }

    private void BeginAnew(SimulatedCoordinator coordinator)
    {
        End();
        SimulatedPart part = Part = new SimulatedPart($"{Address}/{coordinator.Run}.{++_beginning}", coordinator);
        _isReady = false;
        cluster.Network.After(cluster.Network.Milliseconds(100), () => cluster.Network.Reach(part.Address, () => HasData(part)));
    }

    private void HasData(SimulatedPart part)
    {
        for (int i = 0; i < slots; i++)
            part.Workers.Add(cluster.StartWorker(part, $"{part.Address}/worker-{i}"));
        _isReady = true;
        Ready();
    }

    private void Ready()
    {
        (SimulatedPart part, long beginning) = (Part!, _beginning);
        cluster.SendToCoordinator(Address, part, coordinator => coordinator.NodeReady(this, beginning));
    }

    // Akka tells the coordinator of each member that ends, and repeats that until it is heard.
    private void End()
    {
        if (Part is not { } part)
            return;
        cluster.Network.Cut(part.Address);
        foreach (SimulatedWorker worker in part.Workers)
            cluster.Network.Send(Address, part.Coordinator.Address, () => part.Coordinator.WorkerLost(worker.Address));
        foreach (SimulatedShard shard in part.Shards.Values)
            cluster.Network.Send(Address, part.Coordinator.Address, () => part.Coordinator.ShardEnded(shard.Index, shard.Address));
    }
}
