using Akka.Configuration;
using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>What a node of a cluster can do.</summary>
public static class NodeRole
{
    /// <summary>May lead runs: keeps checkpoints, evaluates, decides. One does at a time; others stand by.</summary>
    public const string Coordinator = "coordinator";

    /// <summary>Owns parameter shards.</summary>
    public const string ParameterServer = "parameter-server";

    /// <summary>Computes gradients.</summary>
    public const string Worker = "worker";

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [Coordinator, ParameterServer, Worker];
}

/// <summary>A process's part in a cluster.</summary>
public sealed record NodeOptions
{
    /// <summary>Some of <see cref="NodeRole"/>, at least one.</summary>
    public required IReadOnlyList<string> Roles { get; init; }

    /// <summary>The name or address by which other nodes reach this one.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>TCP port of the actors; 0 takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>TCP port of the tensors; 0 takes a free one.</summary>
    public int TensorPort { get; init; }

    /// <summary>Whether to listen on all of the machine's addresses, not only on that of <see cref="Host"/>. For tensors a node does so anyway where that is a
    /// name.</summary>
    public bool ListensEverywhere { get; init; }

    /// <summary>Whether tensors go to processes of the same user on this machine through memory that both map,
    /// where the system can; otherwise all go through TCP.</summary>
    public bool SharesMemory { get; init; } = true;

    /// <summary>Nodes to join, <c>host:port</c>; empty to found the cluster. A node that stands first
    /// itself founds it where none of the others is there.</summary>
    public IReadOnlyList<string> Join { get; init; } = [];

    /// <summary>Workers on this node, at least 1; counts with the role worker only.</summary>
    public int Slots { get; init; } = 1;

    /// <summary>What all nodes of the cluster know and nobody else, at least 16 bytes.</summary>
    public required ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>Akka's settings, from the files in <c>cluster-config</c>.</summary>
    public required Config Config { get; init; }

    /// <summary>The training sets on this machine. A node that lacks a run's set fetches it from the coordinator's node.</summary>
    public required INodeData Data { get; init; }

    /// <summary>The limits of such a fetch.</summary>
    public PieceLimits Fetch { get; init; } = new();

    /// <summary>Opens runs, on nodes that may coordinate; null elsewhere.</summary>
    public IRunHost? Runs { get; init; }

    /// <summary>Hears one sentence for whatever a reader of logs should know.</summary>
    public Action<string> Log { get; init; } = static _ => { };

    /// <summary>The clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    internal int WorkerSlots => Roles.Contains(NodeRole.Worker) ? Slots : 0;

    internal TensorTransportOptions Transport(Action<LinkLoss> lost) => new()
    {
        Secret = Secret,
        ProtocolVersion = ClusterNode.ProtocolVersion,
        Cluster = ClusterNode.SystemName,
        NodeId = $"{Host}-{Environment.ProcessId}-{Time.GetUtcNow().UtcTicks}",
        AdvertisedHost = Host,
        ListenAddress = ListensEverywhere || !System.Net.IPAddress.TryParse(Host, out System.Net.IPAddress? own) ? System.Net.IPAddress.Any : own,
        ListenPort = TensorPort,
        MaxPayloadBytes = TensorTransportOptions.PayloadCeilingBytes,
        MemoryDomain = SharesMemory ? SharedMemory.Domain : "",
        Log = Log,
        LinkLost = lost,
        Time = Time,
    };
}
