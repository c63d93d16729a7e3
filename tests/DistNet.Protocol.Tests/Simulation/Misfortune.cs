namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What befalls a simulated cluster, at random times: crashes, restarts, pauses, slowness, joins, leaves, and a request to stop.</summary>
/// <remarks>
/// One member of each kind stays able to return: the first worker, or the first node, whose process may crash but comes back. Nobody leaves for good
/// before the run begins.
/// </remarks>
internal static class Misfortune
{
    private static readonly TimeSpan BeyondTheDeadline = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(800);

    // Nodes take a second and more to find each other.
    private static readonly TimeSpan PeriodOfNodes = TimeSpan.FromSeconds(6);

    public static void Befall(SimulatedCluster cluster)
    {
        VirtualNetwork network = cluster.Network;
        TimeSpan period = cluster.IsSpread ? PeriodOfNodes : Period;
        int count = network.Chance(7);
        for (int i = 0; i < count; i++)
            network.At(Moment(network, period), () => Befall(cluster, network.Chance(12)));
        if (network.Chance(4) == 0)
            network.At(Moment(network, period), () => cluster.Coordinator?.Stop());
    }

    private static TimeSpan Moment(VirtualNetwork network, TimeSpan period) => network.Milliseconds((int)period.TotalMilliseconds);

    private static void Befall(SimulatedCluster cluster, int kind)
    {
        if (cluster.IsSpread)
            BefallNode(cluster, kind);
        else
            BefallMember(cluster, kind);
    }

    private static void BefallMember(SimulatedCluster cluster, int kind)
    {
        VirtualNetwork network = cluster.Network;
        SimulatedWorker[] workers = [.. cluster.Workers.OrderBy(w => w.Address, StringComparer.Ordinal)];
        SimulatedShard[] shards = [.. cluster.Shards.OrderBy(s => s.Address, StringComparer.Ordinal)];
        SimulatedShard shard = shards[network.Chance(shards.Length)];
        string? worker = workers.Length == 1 ? null : workers[1 + network.Chance(workers.Length - 1)].Address;
        switch (kind)
        {
            case 0: workers[network.Chance(workers.Length)].Start(); break;
            case 1: shard.Start(); break;
            case 2: ReplaceShard(cluster, shard.Address); break;
            case 3: cluster.StartWorker($"worker-x{network.Events}#0"); break;
            case 4 or 5 when worker is not null: LoseWorker(cluster, worker, isReplaced: true); break;
            case 6 when worker is not null && cluster.Coordinator!.HasBegun: LoseWorker(cluster, worker, isReplaced: false); break;
            case 7 when worker is not null: network.Pause(worker, BeyondTheDeadline); break;
            case 8 or 9: network.Pause(workers[network.Chance(workers.Length)].Address, Slow(network)); break;
            default: network.Pause(shard.Address, network.Milliseconds(200)); break;
        }
    }

    private static void BefallNode(SimulatedCluster cluster, int kind)
    {
        VirtualNetwork network = cluster.Network;
        SimulatedNode[] nodes = [.. cluster.Nodes.OrderBy(node => node.Place, StringComparer.Ordinal)];
        if (nodes.Length == 0)
            return;
        SimulatedNode node = nodes[network.Chance(nodes.Length)];
        SimulatedWorker[] workers = [.. node.Part?.Workers ?? []];
        SimulatedShard[] shards = node.Part is { } part ? [.. part.Shards.Values] : [];
        switch (kind)
        {
            case 0 when workers.Length > 0: workers[network.Chance(workers.Length)].Start(); break;
            case 1 when shards.Length > 0: shards[network.Chance(shards.Length)].Start(); break;
            case 2 or 3: LoseNode(cluster, node, isReplaced: true); break;
            case 4: LoseNode(cluster, node, isReplaced: node.Place == "node-0" || !HasBegun(cluster)); break;
            case 5: cluster.StartNode($"node-x{network.Events}", network.Chance(2) == 0, slots: 1 + network.Chance(2)); break;
            case 6: network.Pause(node.Address, BeyondTheDeadline / 2 + network.Milliseconds(10_000)); break;
            case 7: network.After(network.Milliseconds(100), () => cluster.Coordinator?.NodeLost(node.Place)); break; // its link broke, nothing else
            case 8 when workers.Length > 0: network.Pause(workers[network.Chance(workers.Length)].Address, Slow(network)); break;
            case 9: network.Pause(node.Address, Slow(network)); break;
            default: cluster.CrashCoordinator(); break;
        }
    }

    // As the ledger has it, which outlives a coordinator.
    private static bool HasBegun(SimulatedCluster cluster) => cluster.Journal.Exists(entry => entry is GenerationOpened);

    // Shorter than the deadline: only others' help can speed the step up.
    private static TimeSpan Slow(VirtualNetwork network) => TimeSpan.FromMilliseconds(300) + network.Milliseconds(4_000);

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
        cluster.Network.After(cluster.Network.Milliseconds(100), () => cluster.Coordinator!.WorkerLost(worker));
        if (isReplaced)
            cluster.Network.After(cluster.Network.Milliseconds(100), () => cluster.StartWorker($"{worker}'"));
    }

    // Its broken link is heard of at once, or only its silence. Its successor comes to the same place before that, or after.
    private static void LoseNode(SimulatedCluster cluster, SimulatedNode node, bool isReplaced)
    {
        VirtualNetwork network = cluster.Network;
        cluster.Crash(node.Address);
        if (network.Chance(4) > 0)
            network.After(network.Milliseconds(100), () => cluster.Coordinator?.NodeLost(node.Place));
        if (isReplaced)
            network.After(network.Milliseconds(3_000), () => cluster.StartNode(node.Place, node.TakesShards, node.Slots));
    }
}
