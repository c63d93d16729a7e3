using System.Threading.Channels;
using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;

namespace DistNet.Actors.Tests;

/// <summary>An actor system that talks through real sockets to others on this machine, with an actor that keeps what it is sent.</summary>
internal sealed class WireNode : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly Channel<object> _received = Channel.CreateUnbounded<object>();
    private readonly Channel<object> _broken = Channel.CreateUnbounded<object>();

    private WireNode(Config settings)
    {
        _system = ActorSystem.Create("distnet", settings.WithFallback(Quick));
        _system.ActorOf(Keeper.Props(_received.Writer), "keeper");
        IActorRef trouble = _system.ActorOf(Keeper.Props(_broken.Writer), "trouble");
        foreach (Type kind in new[] { typeof(DisassociatedEvent), typeof(AssociationErrorEvent), typeof(ThisActorSystemQuarantinedEvent) })
            _system.EventStream.Subscribe(trouble, kind);
    }

    public Cluster Cluster => Cluster.Get(_system);

    /// <summary>What told of an association that ended or failed.</summary>
    public bool HasTrouble => _broken.Reader.TryPeek(out _);

    private static Config Quick { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = OFF
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          coordinated-shutdown.run-by-clr-shutdown-hook = off
          actor.provider = cluster
          remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 }
          cluster {
            min-nr-of-members = 2
            gossip-interval = 200ms
            leader-actions-interval = 200ms
            periodic-tasks-initial-delay = 300ms
          }
        }
        """);

    /// <summary>A node with the settings of the program.</summary>
    public static WireNode Hardened() => new(SerializationConfiguration.Default);

    /// <summary>A node with Akka's own settings, or others.</summary>
    public static WireNode Plain(string settings = "") => new(ConfigurationFactory.ParseString(settings));

    /// <summary>Joins nodes to one cluster; returns when each is up and knows of all.</summary>
    public static async Task Join(WireNode first, WireNode second)
    {
        Task[] up = [first.Up(), second.Up()];
        first.Cluster.Join(first.Cluster.SelfAddress);
        second.Cluster.Join(first.Cluster.SelfAddress);
        await Task.WhenAll(up).WaitAsync(Runs.Patience);
    }

    /// <summary>The other node's keeper, as this node reaches it.</summary>
    public Task<IActorRef> Reach(WireNode other) =>
        _system.ActorSelection(new RootActorPath(other.Cluster.SelfAddress) / "user" / "keeper").ResolveOne(Runs.Patience);

    /// <summary>The next message that the keeper was sent.</summary>
    public Task<object> Receive() => _received.Reader.ReadAsync().AsTask().WaitAsync(Runs.Patience);

    /// <summary>Leaves the cluster in good order.</summary>
    public Task Leave() => Cluster.LeaveAsync().WaitAsync(Runs.Patience);

    public async ValueTask DisposeAsync() => await _system.Terminate().WaitAsync(Runs.Patience);

    private Task Up()
    {
        TaskCompletionSource up = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Cluster.RegisterOnMemberUp(() => up.TrySetResult());
        return up.Task;
    }

    private sealed class Keeper : ReceiveActor
    {
        public Keeper(ChannelWriter<object> received) => ReceiveAny(message => received.TryWrite(message));

        public static Props Props(ChannelWriter<object> received) => Akka.Actor.Props.Create(() => new Keeper(received));
    }
}
