using FsCheck.Xunit;

namespace DistNet.Protocol.Tests;

public class ReductionTreeSpecs
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(3, 2)]
    [InlineData(4, 2)]
    [InlineData(5, 4)]
    [InlineData(8, 4)]
    [InlineData(9, 8)]
    public void A_node_splits_at_the_largest_power_of_two_below_its_count(int count, int left) =>
        Assert.Equal(left, ReductionTree.LeftCount(count));

    [Fact]
    public void A_leaf_has_no_children() => Assert.Throws<ArgumentOutOfRangeException>(() => ReductionTree.LeftCount(1));

    [Fact]
    public void The_tree_over_six_leaves_has_eleven_nodes()
    {
        var nodes = from first in Enumerable.Range(0, 6)
                    from count in Enumerable.Range(1, 6)
                    where ReductionTree.Contains(6, new TreeNode(first, count))
                    select new TreeNode(first, count).ToString();

        Assert.Equal(["0", "0-1", "0-3", "0-5", "1", "2", "2-3", "3", "4", "4-5", "5"], nodes.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(0, 0)]
    [InlineData(7, 2)]
    [InlineData(0, int.MaxValue)]
    [InlineData(int.MaxValue, int.MaxValue)]
    [InlineData(1, 2)]
    public void What_is_outside_the_tree_is_not_a_node(int first, int count) =>
        Assert.False(ReductionTree.Contains(8, new TreeNode(first, count)));

    [Theory]
    [InlineData(0, 1, 1, 1, true)]
    [InlineData(0, 4, 4, 2, true)]
    [InlineData(1, 1, 2, 1, false)]
    [InlineData(2, 2, 4, 2, false)]
    [InlineData(0, 1, 2, 1, false)]
    public void Only_siblings_may_be_added(int first, int count, int otherFirst, int otherCount, bool expected) =>
        Assert.Equal(expected, ReductionTree.AreSiblings(6, new TreeNode(first, count), new TreeNode(otherFirst, otherCount)));

    [Property]
    public bool A_cover_is_exact_ascending_made_of_nodes_and_minimal(ushort leaves, ushort from, ushort to)
    {
        int leafCount = leaves % 200 + 1, first = from % leafCount, end = first + to % (leafCount - first + 1);
        List<TreeNode> nodes = [];
        ReductionTree.Cover(leafCount, first, end, nodes);

        int next = first;
        foreach (TreeNode node in nodes)
        {
            if (node.First != next || !ReductionTree.Contains(leafCount, node))
                return false;
            next = node.End;
        }
        bool mergeable = nodes.Zip(nodes.Skip(1)).Any(pair => ReductionTree.AreSiblings(leafCount, pair.First, pair.Second));
        return next == end && !mergeable;
    }

    [Property]
    public bool A_cover_of_smaller_nodes_is_exact_too_and_none_is_larger(ushort leaves, ushort from, ushort to, byte limit)
    {
        int leafCount = leaves % 200 + 1, first = from % leafCount, end = first + to % (leafCount - first + 1), largest = limit % 20 + 1;
        List<TreeNode> nodes = [];
        ReductionTree.Cover(leafCount, first, end, largest, nodes);

        bool isExact = nodes.Aggregate(first, (next, node) => node.First == next ? node.End : int.MaxValue) == end;
        return isExact && nodes.TrueForAll(node => node.Count <= largest && ReductionTree.Contains(leafCount, node));
    }

    [Fact]
    public void A_cover_beyond_the_tree_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => ReductionTree.Cover(4, 2, 5, []));
}
