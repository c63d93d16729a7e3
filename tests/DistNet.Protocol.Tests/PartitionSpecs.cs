namespace DistNet.Protocol.Tests;

/// <summary>Which side of a cluster that has come apart goes on. C is a coordinator, n another node, each in the order of joining.</summary>
public class PartitionSpecs
{
    [Theory]
    [InlineData("nn C", "C", true, "a leader that died leaves its standby and the others")]
    [InlineData("C", "nnC", false, "a leader that is alone ends itself, for its standby leads the others")]
    [InlineData("Cn", "n", true, "a worker that died")]
    [InlineData("C", "nnnn", true, "the only coordinator stays, however many workers died")]
    [InlineData("nnnn", "C", false, "without a coordinator nobody goes on")]
    [InlineData("C C", "nnn", true, "with all its workers dead a leader waits for others")]
    [InlineData("Cnn", "Cn", true, "the larger side")]
    [InlineData("C", "", true, "nobody is gone")]
    public void The_side_with_a_coordinator_and_more_nodes_goes_on(string here, string there, bool goesOn, string why) =>
        Assert.True(goesOn == Partition.GoesOn([.. Side(here, true, 10), .. Side(there, false, 50)]), why);

    [Theory]
    [InlineData(1, 2, true)]
    [InlineData(2, 1, false)]
    public void Of_equal_sides_that_of_the_oldest_coordinator_does(int ageHere, int ageThere, bool goesOn) =>
        Assert.Equal(goesOn, Partition.GoesOn([new(true, true, ageHere), new(false, true, ageThere)]));

    [Fact]
    public void Of_a_clean_cut_both_sides_decide_alike()
    {
        Random random = new(1);
        for (int i = 0; i < 10_000; i++)
        {
            PartitionMember[] members = [.. Enumerable.Range(1, random.Next(1, 9)).Select(age => new PartitionMember(random.Next(2) == 0, random.Next(3) == 0, age))];
            bool here = Partition.GoesOn(members);
            bool there = Partition.GoesOn([.. members.Select(member => member with { IsReachable = !member.IsReachable })]);
            Assert.Equal(members.Any(member => member.IsCoordinator), here || there);
            Assert.False(here && there);
        }
    }

    // The only coordinator and one node cannot reach each other. Gossip tells everybody of it, and they hold both for lost.
    [Theory]
    [InlineData("the coordinator", "C nnnn", "n", PartitionDecision.GoOn)]
    [InlineData("the node", "n nnnn", "C", PartitionDecision.Wait)]
    [InlineData("all others", "nnnn", "C n", PartitionDecision.Wait)]
    public void One_broken_link_to_the_only_coordinator_costs_the_node_at_its_other_end_and_nobody_else(
        string who, string here, string there, PartitionDecision decision) =>
        Assert.True(decision == Decide(here, there, isLatest: false), who);

    [Theory]
    [InlineData("nnnn", "C", false, PartitionDecision.Wait)]
    [InlineData("nnnn", "C", true, PartitionDecision.End)]
    [InlineData("C", "nnC", false, PartitionDecision.End)]
    [InlineData("nn C", "C", false, PartitionDecision.GoOn)]
    public void Only_who_sees_no_coordinator_waits_and_not_for_ever(string here, string there, bool isLatest, PartitionDecision decision) =>
        Assert.Equal(decision, Decide(here, there, isLatest));

    private static PartitionDecision Decide(string here, string there, bool isLatest) =>
        Partition.Decide([.. Side(here, true, 10), .. Side(there, false, 50)], isLatest);

    private static IEnumerable<PartitionMember> Side(string nodes, bool isReachable, int firstAge) =>
        nodes.Where(node => node != ' ').Select((node, i) => new PartitionMember(isReachable, node == 'C', firstAge + i));
}
