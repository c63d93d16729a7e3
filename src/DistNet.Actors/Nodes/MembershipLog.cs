using Akka.Actor;
using Akka.Cluster;

namespace DistNet.Actors;

/// <summary>One on each node: writes down when this node, or another that told it so, can no longer reach a member of the cluster.</summary>
internal sealed class MembershipLog : ReceiveActor
{
    public MembershipLog(Action<string> log)
    {
        Receive<ClusterEvent.UnreachableMember>(unreachable => log($"Node {unreachable.Member.Address} is unreachable."));
        Receive<ClusterEvent.ReachableMember>(reachable => log($"Node {reachable.Member.Address} is reachable again."));
    }

    public static Props Props(Action<string> log) => Akka.Actor.Props.Create(() => new MembershipLog(log));

    protected override void PreStart() => Cluster.Get(Context.System).Subscribe(
        Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.UnreachableMember), typeof(ClusterEvent.ReachableMember));

    protected override void PostStop() => Cluster.Get(Context.System).Unsubscribe(Self);
}
