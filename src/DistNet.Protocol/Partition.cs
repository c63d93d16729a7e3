namespace DistNet.Protocol;

/// <summary>A node of a cluster as one of them sees it.</summary>
/// <param name="IsReachable">Whether it is on the side of the node that looks.</param>
/// <param name="IsCoordinator">Whether it may lead.</param>
/// <param name="Age">Its place in the order of joining, 1 for the first.</param>
public readonly record struct PartitionMember(bool IsReachable, bool IsCoordinator, int Age);

/// <summary>What a node does about those it cannot reach.</summary>
public enum PartitionDecision
{
    /// <summary>It takes them out of the cluster.</summary>
    GoOn,

    /// <summary>It leaves the decision to others as long as it can.</summary>
    Wait,

    /// <summary>It ends itself.</summary>
    End,
}

/// <summary>Which side of a cluster that has come apart goes on, decided on each side from what it sees, so that exactly one does.</summary>
/// <remarks>
/// A dead node and one that is cut off look alike. Only a side with a coordinator can go on. Where several have one, the side with more nodes does, since the
/// work is there; of two equal ones that of the oldest coordinator, which leads. A leader that is alone is in the smaller part, so its standby takes over.
/// Sides are seen alike only where the cut is clean. One broken link, and all others hold both its ends for lost: see <see cref="Decide"/>.
/// </remarks>
public static class Partition
{
    /// <summary>Whether the reachable side goes on; the other is then taken for lost.</summary>
    /// <param name="members">All that have joined, the node that looks among the reachable.</param>
    public static bool GoesOn(IReadOnlyCollection<PartitionMember> members)
    {
        PartitionMember[] here = [.. members.Where(member => member.IsReachable)];
        PartitionMember[] there = [.. members.Where(member => !member.IsReachable)];
        bool leadsHere = here.Any(member => member.IsCoordinator);
        bool leadsThere = there.Any(member => member.IsCoordinator);
        return leadsHere && (!leadsThere || here.Length > there.Length || (here.Length == there.Length && Oldest(here) < Oldest(there)));
    }

    /// <summary>What the node that looks is to do.</summary>
    /// <param name="members">All that have joined, the node that looks among the reachable.</param>
    /// <param name="isLatest">Whether it has waited as long as it may. Until then the picture has stood still for a moment.</param>
    /// <remarks>Whoever sees no coordinator waits: where only the link between the coordinator and one node is broken, the coordinator takes that node out,
    /// and everybody else sees the coordinator again.</remarks>
    public static PartitionDecision Decide(IReadOnlyCollection<PartitionMember> members, bool isLatest) =>
        GoesOn(members) ? PartitionDecision.GoOn
        : isLatest || members.Any(member => member.IsReachable && member.IsCoordinator) ? PartitionDecision.End
        : PartitionDecision.Wait;

    private static int Oldest(IEnumerable<PartitionMember> side) => side.Where(member => member.IsCoordinator).Min(member => member.Age);
}
