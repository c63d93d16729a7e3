namespace DistNet.Protocol.Tests;

public class GradientSumCollectorSpecs
{
    private readonly GradientSumCollector<string> _sums = new();

    public GradientSumCollectorSpecs() => _sums.Begin(8);

    [Fact]
    public void A_step_is_complete_when_every_micro_batch_is_there()
    {
        Assert.Equal(Offer.Added, _sums.Add(new TreeNode(4, 4), "b", "4-7"));
        Assert.False(_sums.IsComplete);
        Assert.Equal(Offer.Added, _sums.Add(new TreeNode(0, 4), "a", "0-3"));

        Assert.True(_sums.IsComplete);
        Assert.Equal(["0-3", "4-7"], _sums.Contributions.Select(c => c.Sum));
    }

    [Fact]
    public void A_sum_that_arrives_twice_is_kept_once()
    {
        _sums.Add(new TreeNode(0, 4), "a", "first");

        Assert.Equal(Offer.Duplicate, _sums.Add(new TreeNode(0, 4), "b", "second"));
        Assert.Equal(4, _sums.Covered);
        Assert.Equal("first", Assert.Single(_sums.Contributions).Sum);
    }

    [Fact]
    public void A_descendant_of_a_known_node_is_a_duplicate()
    {
        _sums.Add(new TreeNode(0, 4), "a", "0-3");

        Assert.Equal(Offer.Duplicate, _sums.Add(new TreeNode(2, 2), "b", "2-3"));
    }

    [Fact]
    public void An_ancestor_replaces_the_nodes_it_covers_and_they_are_given_back()
    {
        _sums.Add(new TreeNode(0, 1), "a", "0");
        _sums.Add(new TreeNode(2, 2), "b", "2-3");
        _sums.Add(new TreeNode(4, 4), "c", "4-7");

        Assert.Equal(Offer.Added, _sums.Add(new TreeNode(0, 4), "d", "0-3"));
        Assert.True(_sums.IsComplete);
        Assert.Equal(["0-3", "4-7"], _sums.Contributions.Select(c => c.Sum));
        List<string> released = [];
        _sums.Drain(released.Add);
        Assert.Equal(["0", "0-3", "2-3", "4-7"], released.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_not_a_node_of_the_tree_is_refused()
    {
        Assert.Equal(Offer.NotANode, _sums.Add(new TreeNode(1, 2), "a", "1-2"));
        Assert.Equal(Offer.NotANode, _sums.Add(new TreeNode(0, 9), "a", "0-8"));
        Assert.Equal(0, _sums.Covered);
    }

    [Fact]
    public void The_first_missing_micro_batch_is_named()
    {
        Assert.Equal(0, _sums.FirstMissing());
        _sums.Add(new TreeNode(0, 2), "a", "0-1");
        _sums.Add(new TreeNode(4, 4), "b", "4-7");
        Assert.Equal(2, _sums.FirstMissing());
        _sums.Add(new TreeNode(2, 2), "a", "2-3");
        Assert.Equal(-1, _sums.FirstMissing());
    }

    [Fact]
    public void What_is_missing_is_named_in_nodes_of_the_tree_no_larger_than_asked_for()
    {
        _sums.Add(new TreeNode(0, 1), "a", "0");
        _sums.Add(new TreeNode(2, 2), "b", "2-3");

        Assert.Equal([new TreeNode(1, 1), new TreeNode(4, 4)], _sums.Missing(largest: 8));
        Assert.Equal([new TreeNode(1, 1), new TreeNode(4, 2), new TreeNode(6, 2)], _sums.Missing(largest: 3));
        _sums.Add(new TreeNode(0, 8), "c", "0-7");
        Assert.Empty(_sums.Missing(largest: 8));
    }

    [Fact]
    public void A_new_step_begins_with_nothing()
    {
        _sums.Add(new TreeNode(0, 8), "a", "0-7");
        _sums.Drain(_ => { });
        _sums.Begin(6);

        Assert.False(_sums.IsComplete);
        Assert.Equal(Offer.Added, _sums.Add(new TreeNode(4, 2), "a", "4-5"));
    }
}
