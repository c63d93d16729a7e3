using Akka.Actor;
using Akka.Cluster;

namespace DistNet.Actors;

/// <summary>On a node that may found a cluster: looks for another one, which the nodes that it names have formed without it, and ends this node then, so
/// that it joins that one when it is started again.</summary>
/// <remarks>A founder that is started while none of the others can be reached, on the smaller side of a network that has parted, founds a cluster of its own,
/// and Akka never makes one of two. Only a founder comes to stand alone so, and so it is the one that yields.</remarks>
internal sealed class FounderWatch : ReceiveActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);

    private readonly IReadOnlyList<Address> _others;
    private readonly Action<string> _log;

    public FounderWatch(IReadOnlyList<Address> others, Action<string> log)
    {
        (_others, _log) = (others, log);
        Receive<Look>(_ => Ask());
        Receive<ClusterStatus>(status => EndIfAnother(status.Leader));
    }

    public ITimerScheduler Timers { get; set; } = null!;

    /// <param name="others">The nodes to join, without this one.</param>
    /// <param name="log">Hears why the node ends.</param>
    public static Props Props(IReadOnlyList<Address> others, Action<string> log) => Akka.Actor.Props.Create(() => new FounderWatch(others, log));

    protected override void PreStart() => Timers.StartPeriodicTimer(Look.Instance, Look.Instance, Interval);

    // An answer that does not come is asked for again at the next look.
    private void Ask()
    {
        Cluster cluster = Cluster.Get(Context.System);
        if (cluster.SelfMember.Status != MemberStatus.Up)
            return;
        foreach (Address other in _others.Where(other => !IsMember(other)))
            Context.ActorSelection($"{other}/user/{ClusterNode.AgentName}").Tell(new AskStatus(int.MaxValue));
    }

    // A node that has joined meanwhile, or is about to, speaks of this cluster's leader, or has none to ask.
    private void EndIfAnother(string leader)
    {
        if (Cluster.Get(Context.System).State.Members.Any(member => Addresses.HostAndPort(member.Address) == leader))
            return;
        _log($"There is another cluster, led by {leader}: this node leaves its own, to join that one.");
        CoordinatedShutdown.Get(Context.System).Run(AnotherClusterReason.Instance);
        Timers.CancelAll();
    }

    private static bool IsMember(Address node) => Cluster.Get(Context.System).State.Members.Any(member => member.Address.Equals(node));

    /// <summary>Why such a node ends.</summary>
    internal sealed class AnotherClusterReason : CoordinatedShutdown.Reason
    {
        public static AnotherClusterReason Instance { get; } = new();

        /// <inheritdoc/>
        public override int ExitCode => 0; // the program's own is its caller's to choose
    }

    private sealed class Look
    {
        public static Look Instance { get; } = new();
    }
}
