namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What befalls a simulated cluster, at random times: crashes, restarts, pauses, joins, leaves, and a request to stop.</summary>
/// <remarks>One worker at least stays able to return: the first one only ever restarts, with its mailbox intact. Nobody leaves for good before the run begins.</remarks>
internal static class Misfortune
{
    private static readonly TimeSpan BeyondTheDeadline = TimeSpan.FromSeconds(20);

    public static void Befall(SimulatedCluster cluster)
    {
        int count = cluster.Network.Chance(7);
        for (int i = 0; i < count; i++)
            cluster.Network.At(cluster.Network.Milliseconds(800), () => Befall(cluster, cluster.Network.Chance(10)));
        if (cluster.Network.Chance(4) == 0)
            cluster.Network.At(cluster.Network.Milliseconds(800), cluster.Coordinator.Stop);
    }

    private static void Befall(SimulatedCluster cluster, int kind)
    {
        VirtualNetwork network = cluster.Network;
        SimulatedWorker[] workers = [.. cluster.Workers.OrderBy(w => w.Address, StringComparer.Ordinal)];
        SimulatedShard[] shards = [.. cluster.Shards.OrderBy(s => s.Address, StringComparer.Ordinal)];
        string shard = shards[network.Chance(shards.Length)].Address;
        string? worker = workers.Length == 1 ? null : workers[1 + network.Chance(workers.Length - 1)].Address;
        switch (kind)
        {
            case 0: workers[network.Chance(workers.Length)].Start(); break;
            case 1: cluster.Shard(shard).Start(); break;
            case 2: ReplaceShard(cluster, shard); break;
            case 3: cluster.StartWorker($"worker-x{network.Events}#0"); break;
            case 4 or 5 when worker is not null: LoseWorker(cluster, worker, isReplaced: true); break;
            case 6 when worker is not null && cluster.Coordinator.HasBegun: LoseWorker(cluster, worker, isReplaced: false); break;
            case 7 when worker is not null: network.Pause(worker, BeyondTheDeadline); break;
            default: network.Pause(shard, network.Milliseconds(200)); break;
        }
    }

    private static void ReplaceShard(SimulatedCluster cluster, string shard)
    {
        cluster.Crash(shard);
        string[] parts = shard["shard-".Length..].Split('#');
        cluster.StartShard(int.Parse(parts[0], null), int.Parse(parts[1], null) + 1);
    }

    // The loss may be heard of after the replacement has registered, and before.
    private static void LoseWorker(SimulatedCluster cluster, string worker, bool isReplaced)
    {
        cluster.Crash(worker);
        cluster.Network.After(cluster.Network.Milliseconds(100), () => cluster.Coordinator.WorkerLost(worker));
        if (isReplaced)
            cluster.Network.After(cluster.Network.Milliseconds(100), () => cluster.StartWorker($"{worker}'"));
    }
}
