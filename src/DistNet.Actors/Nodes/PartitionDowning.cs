using Akka.Actor;
using Akka.Cluster;
using Akka.Configuration;
using Akka.Remote;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Takes nodes that cannot be reached out of the cluster, or this one, as <see cref="Partition"/> says. Akka's own strategies count either all
/// nodes or those of one role, and with two coordinators neither lets the standby go on without its leader.</summary>
/// <remarks>Named in <c>akka.cluster.downing-provider-class</c>. <c>distnet.downing.stable-after</c>: how long the picture must have stood still;
/// <c>distnet.downing.at-latest-after</c>: when it is decided although it did not, and how long nodes wait that see no
/// coordinator; <c>distnet.downing.removal-margin</c>: from a leader's removal to its successor's start.</remarks>
public sealed class PartitionDowning : IDowningProvider
{
    private readonly Cluster _cluster;
    private readonly TimeSpan _stableAfter;
    private readonly TimeSpan _atLatestAfter;

    /// <summary>Made by Akka.</summary>
    public PartitionDowning(ActorSystem system, Cluster cluster)
    {
        ArgumentNullException.ThrowIfNull(system);
        _cluster = cluster;
        (_stableAfter, _atLatestAfter, DownRemovalMargin) = Read(system.Settings.Config);
    }

    /// <summary>Reads the settings: before the system starts as well, since Akka would end it over one
    /// that is wrong, without a word to who started it.</summary>
    /// <exception cref="FormatException">One of them is no time.</exception>
    internal static (TimeSpan StableAfter, TimeSpan AtLatestAfter, TimeSpan RemovalMargin) Read(Config config) => (
        config.GetTimeSpan("distnet.downing.stable-after"),
        config.GetTimeSpan("distnet.downing.at-latest-after"),
        config.GetTimeSpan("distnet.downing.removal-margin"));

    /// <inheritdoc/>
    public TimeSpan DownRemovalMargin { get; }

    /// <inheritdoc/>
    public Props DowningActorProps => Props.Create(() => new Observer(_cluster, _stableAfter, _atLatestAfter));

    private sealed class Observer : ReceiveActor, IWithTimers
    {
        private readonly Cluster _cluster;
        private readonly TimeSpan _stableAfter;
        private readonly TimeSpan _atLatestAfter;

        // From the events that wake this actor: the cluster's own view of itself follows them later.
        private readonly HashSet<UniqueAddress> _unreachable = [];

        public Observer(Cluster cluster, TimeSpan stableAfter, TimeSpan atLatestAfter)
        {
            (_cluster, _stableAfter, _atLatestAfter) = (cluster, stableAfter, atLatestAfter);
            Receive<ClusterEvent.UnreachableMember>(lost => Look(() => _unreachable.Add(lost.Member.UniqueAddress)));
            Receive<ClusterEvent.ReachableMember>(found => Look(() => _unreachable.Remove(found.Member.UniqueAddress)));
            Receive<ClusterEvent.MemberRemoved>(removed => Look(() => _unreachable.Remove(removed.Member.UniqueAddress)));
            Receive<ClusterEvent.IMemberEvent>(_ => Look(() => { }));
            Receive<Decide>(Act);
            Receive<ThisActorSystemQuarantinedEvent>(refusal => EndIfRemoved(refusal.RemoteAddress));
        }

        public ITimerScheduler Timers { get; set; } = null!;

        protected override void PreStart()
        {
            _cluster.Subscribe(
                Self, ClusterEvent.SubscriptionInitialStateMode.InitialStateAsEvents, typeof(ClusterEvent.IReachabilityEvent), typeof(ClusterEvent.IMemberEvent));
            Context.System.EventStream.Subscribe(Self, typeof(ThisActorSystemQuarantinedEvent));
        }

        protected override void PostStop()
        {
            Context.System.EventStream.Unsubscribe(Self);
            _cluster.Unsubscribe(Self);
        }

        // A member that takes nothing more from this node has seen it removed. A node that was paused, and reads late what was sent to it before, would
        // otherwise hold some of the others for reachable, the rest for lost, and found a cluster of its own.
        private void EndIfRemoved(Address member)
        {
            if (_cluster.State.Members.Any(known => known.Address == member))
                _cluster.Down(_cluster.SelfAddress);
        }

        // Each change begins the wait anew, but not beyond the latest time.
        private void Look(Action change)
        {
            change();
            if (_unreachable.Count == 0)
            {
                Timers.CancelAll();
                return;
            }
            Timers.StartSingleTimer(Decide.WhenStable, Decide.WhenStable, _stableAfter);
            if (!Timers.IsTimerActive(Decide.AtLatest))
                Timers.StartSingleTimer(Decide.AtLatest, Decide.AtLatest, _atLatestAfter);
        }

        private void Act(Decide decide)
        {
            ClusterEvent.CurrentClusterState state = _cluster.State;
            Member[] joined = [.. state.Members.Where(member => member.Status is MemberStatus.Up or MemberStatus.Leaving or MemberStatus.Down)];
            if (!joined.Any(member => member.UniqueAddress == _cluster.SelfUniqueAddress && member.Status != MemberStatus.Down))
                return;
            PartitionMember[] seen = [.. joined.Order(Member.AgeOrdering).Select((member, i) => new PartitionMember(
                member.Status != MemberStatus.Down && !_unreachable.Contains(member.UniqueAddress), member.HasRole(NodeRole.Coordinator), i + 1))];
            Do(Partition.Decide(seen, decide == Decide.AtLatest));
        }

        private void Do(PartitionDecision decision)
        {
            if (decision == PartitionDecision.Wait)
                return;
            Timers.CancelAll();
            if (decision == PartitionDecision.End)
                _cluster.Down(_cluster.SelfAddress);
            else
                foreach (UniqueAddress lost in _unreachable)
                    _cluster.Down(lost.Address);
        }
    }

    private sealed class Decide
    {
        public static Decide WhenStable { get; } = new();

        public static Decide AtLatest { get; } = new();
    }
}
