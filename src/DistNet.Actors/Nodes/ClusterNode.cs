using System.Net.Sockets;
using System.Runtime.ExceptionServices;
using Akka.Actor;
using Akka.Cluster;
using Akka.Cluster.Tools.Singleton;
using Akka.Configuration;
using Akka.Pattern;
using DistNet.Actors.Transport;

namespace DistNet.Actors;

/// <summary>Why a node has ended that nobody told to stop.</summary>
public enum NodeEnd
{
    /// <summary>The others took it for lost.</summary>
    TakenForLost,

    /// <summary>No node of the cluster took it in.</summary>
    NotLetIn,

    /// <summary>It had founded a cluster, and the nodes that it was to join are in another.</summary>
    AnotherCluster,
}

/// <summary>One process of a cluster: its actor system, its tensor transport, and what its roles ask for.</summary>
public sealed class ClusterNode : IAsyncDisposable
{
    /// <summary>Nodes of different versions refuse each other.</summary>
    public const int ProtocolVersion = 3;

    /// <summary>Name of every node's actor system, and so the first part of each address.</summary>
    public const string SystemName = "distnet";

    /// <summary>Name of the actor on each node that clients and other nodes speak to.</summary>
    public const string AgentName = "node";

    private const string ManagerName = "run-manager";

    // Whatever started the node starts it again after that.
    private static readonly TimeSpan AdmissionDeadline = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan AnswerDeadline = TimeSpan.FromSeconds(2);

    // How long the node that may found the cluster looks for the others, one of which may lead it by now.
    private static readonly TimeSpan FoundingPatience = TimeSpan.FromSeconds(3);

    // Between the attempts of a leader whose journal fails.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(10);

    private readonly TensorTransport _transport;
    private readonly NodeReadiness _readiness;

    private ClusterNode(ActorSystem system, TensorTransport transport, NodeReadiness readiness, Task admission) =>
        (System, _transport, _readiness, Admission) = (system, transport, readiness, admission);

    /// <summary>The node's actors.</summary>
    public ActorSystem System { get; }

    /// <summary>Where other nodes join: <c>host:port</c>.</summary>
    public string Address => Addresses.HostAndPort(Cluster.Get(System).SelfAddress);

    /// <summary>Where the node takes tensors: <c>host:port</c>.</summary>
    public string TensorAddress => _transport.Address.ToString();

    /// <summary>What went out and came in through the tensor transport.</summary>
    public TransportCounters Traffic => _transport.Counters;

    /// <summary>Whether the cluster has taken the node in.</summary>
    public bool IsUp => Cluster.Get(System).SelfMember.Status == MemberStatus.Up;

    /// <summary>Whether the run manager knows the node, and may give it work.</summary>
    public bool IsReady => IsUp && _readiness.IsRegistered;

    /// <summary>Whether the cluster that the node is in has lost its last coordinator. A coordinator that is started anew founds another cluster, so
    /// nobody will come to lead this one.</summary>
    public bool IsForsaken => IsUp && !_readiness.IsRegistered && !Cluster.Get(System).State.Members.Any(member => member.HasRole(NodeRole.Coordinator));

    /// <summary>Why the node has ended by itself.</summary>
    public NodeEnd End => CoordinatedShutdown.Get(System).ShutdownReason switch
    {
        CoordinatedShutdown.ClusterJoinUnsuccessfulReason => NodeEnd.NotLetIn,
        FounderWatch.AnotherClusterReason => NodeEnd.AnotherCluster,
        _ => NodeEnd.TakenForLost,
    };

    /// <summary>Completed when the node has begun to join. Fails with <see cref="HandshakeRefusedException"/> where it does not belong, for its version
    /// or its secret; cancelled when nobody answered for a minute.</summary>
    public Task Admission { get; }

    /// <summary>Completed when the node has left the cluster, or was taken for lost by it.</summary>
    public Task Ended => System.WhenTerminated;

    /// <summary>Starts a node and begins to join.</summary>
    /// <exception cref="ArgumentException">An option is out of its range.</exception>
    /// <exception cref="System.Net.Sockets.SocketException">A port is taken.</exception>
    public static ClusterNode Start(NodeOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        PartitionDowning.Read(options.Config);
        NodeFrames frames = new();
        ActorSystem? system = null;
        TensorTransport transport = TensorTransport.Listen(options.Transport(loss => Volatile.Read(ref system)?.EventStream.Publish(loss)), frames);
        Volatile.Write(ref system, CreateSystem(options, transport));
        system.ActorOf(LogRelay.Props(options.Log, options.Time), "log");
        system.ActorOf(MembershipLog.Props(options.Log), "membership-log");
        NodeReadiness readiness = new(options.Time);
        StartActors(system, options, transport, frames, readiness);
        Seeds seeds = Seeds.Of(options.Join, Cluster.Get(system).SelfAddress);
        if (seeds.MayFound)
            system.ActorOf(FounderWatch.Props(seeds.Others, options.Log), "founder-watch");
        return new ClusterNode(system, transport, readiness, JoinAsync(system, transport, seeds, options.Time));
    }

    /// <summary>Asks the cluster, as a client does.</summary>
    /// <typeparam name="T">What the answer is.</typeparam>
    /// <returns>Null if none came within two seconds.</returns>
    public async Task<T?> AskAsync<T>(object question, CancellationToken cancellationToken)
        where T : class
    {
        try
        {
            return await System.ActorSelection($"/user/{AgentName}").Ask<T>(question, AnswerDeadline, cancellationToken).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            return null;
        }
    }

    /// <summary>Leaves the cluster in good order, and ends.</summary>
    public async ValueTask DisposeAsync()
    {
        await CoordinatedShutdown.Get(System).Run(CoordinatedShutdown.ClrExitReason.Instance).ConfigureAwait(false);
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Ends at once, without a word to the cluster: to the others it has crashed. For a node whose whole cluster ends with it.</summary>
    public async ValueTask AbandonAsync()
    {
        ((ExtendedActorSystem)System).Abort();
        await _transport.DisposeAsync().ConfigureAwait(false);
    }

    // Akka wraps what the socket said about its port several times.
    private static ActorSystem CreateSystem(NodeOptions options, TensorTransport transport)
    {
        try
        {
            return ActorSystem.Create(SystemName, Configuration(options));
        }
        catch (Exception failure) when (failure.GetBaseException().GetBaseException() is SocketException taken)
        {
            _ = transport.DisposeAsync().AsTask();
            ExceptionDispatchInfo.Throw(taken);
            throw;
        }
    }

    private static void StartActors(ActorSystem system, NodeOptions options, TensorTransport transport, NodeFrames frames, NodeReadiness readiness)
    {
        if (options.Roles.Contains(NodeRole.Coordinator))
        {
            ClusterSingletonManagerSettings singleton = ClusterSingletonManagerSettings.Create(system).WithRole(NodeRole.Coordinator);
            string journalPlugin = JournalConfiguration.Install(system, options.Runs!.Orders);
            system.ActorOf(OrdersRehearsal.Props(options.Runs.Orders, journalPlugin, options.Log), "orders-rehearsal");
            Props leader = Leader(RunManager.Props(options, transport, frames, journalPlugin));
            system.ActorOf(ClusterSingletonManager.Props(leader, PoisonPill.Instance, singleton), ManagerName);
            system.ActorOf(DataSource.Props(options, transport), DataSource.Name);
        }
        ClusterSingletonProxySettings proxy = ClusterSingletonProxySettings.Create(system).WithRole(NodeRole.Coordinator);
        IActorRef manager = system.ActorOf(ClusterSingletonProxy.Props($"/user/{ManagerName}", proxy), "run-manager-proxy");
        IActorRef agent = system.ActorOf(NodeAgent.Props(options, transport, frames, manager, readiness), AgentName);
        system.EventStream.Subscribe(agent, typeof(LinkLoss));
    }

    /// <summary>A run manager and who begins it anew, after a pause, with what is in its journal: when that has failed, and when the manager has.</summary>
    /// <remarks>By default the second kind would begin anew at once, again and again.</remarks>
    internal static Props Leader(Props manager) =>
        BackoffSupervisor.Props(Backoff.OnStop(manager, "leader", ShortestPause, LongestPause, 0.2, -1).WithDefaultStoppingStrategy());

    private static async Task JoinAsync(ActorSystem system, TensorTransport transport, Seeds seeds, TimeProvider time)
    {
        Cluster cluster = Cluster.Get(system);
        if (seeds.Others.Length == 0)
        {
            cluster.Join(cluster.SelfAddress);
            return;
        }
        using CancellationTokenSource deadline = new(seeds.MayFound ? FoundingPatience : AdmissionDeadline, time);
        try
        {
            string[] agents = [.. seeds.Others.Select(node => $"{node}/user/{AgentName}")];
            await DistNet.Actors.Admission.AskAsync(system, transport, agents, deadline.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (seeds.MayFound)
        {
            // Nobody is there; Akka looks once more, and founds the cluster then.
        }
        cluster.JoinSeedNodes(seeds.Nodes);
    }

    private static Config Configuration(NodeOptions options)
    {
        string listens = options.ListensEverywhere ? "0.0.0.0" : options.Host;
        return ConfigurationFactory.ParseString($$"""
            akka.actor.provider = cluster
            akka.cluster.roles = [{{string.Join(", ", options.Roles)}}]
            akka.remote.dot-netty.tcp { hostname = "{{listens}}", public-hostname = "{{options.Host}}", port = {{options.Port}} }
            """)
            .WithFallback(options.Config)
            .WithFallback(options.Roles.Contains(NodeRole.Coordinator) ? JournalConfiguration.OfWriter : Config.Empty)
            .WithFallback(SerializationConfiguration.Default)
            .WithFallback(Dispatchers.Configuration(Dispatchers.ComputeThreads(options.Slots, options.Slots), spinTurns: 0))
            .WithFallback(ClusterSingleton.DefaultConfig());
    }

    /// <summary>The nodes to join.</summary>
    /// <param name="Nodes">In the order that all nodes name them in.</param>
    /// <param name="Others">Without this node.</param>
    /// <param name="MayFound">Whether this node founds the cluster where none of the others is there.</param>
    private sealed record Seeds(Address[] Nodes, Address[] Others, bool MayFound)
    {
        public static Seeds Of(IReadOnlyList<string> join, Address self)
        {
            Address[] nodes = [.. join.Select(TransportAddress)];
            Address[] others = [.. nodes.Where(node => !node.Equals(self))];
            return new Seeds(nodes, others, others.Length > 0 && nodes[0].Equals(self));
        }

        private static Address TransportAddress(string node)
        {
            TensorAddress address = DistNet.Actors.Transport.TensorAddress.Parse(node);
            return new Address("akka.tcp", SystemName, address.Host, address.Port);
        }
    }
}
