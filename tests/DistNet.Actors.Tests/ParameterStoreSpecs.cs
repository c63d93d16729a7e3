using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class ParameterStoreSpecs
{
    private static readonly Generation First = new(1);

    private readonly ParameterStore _store = new(parameterCount: 4);

    [Fact]
    public void A_version_stays_whole_while_shards_make_the_next_one()
    {
        _store.Restore(First, 6, 0, 4).Fill(6);
        _store.Write(7, 0, 2).Fill(7);

        Assert.Equal([6, 6, 6, 6], _store.Read(6).ToArray());
        Assert.True(_store.IsIntact(First, 6));
        Assert.Equal([7, 7], _store.Read(7)[..2].ToArray());
    }

    [Fact]
    public void A_version_is_not_intact_once_a_shard_has_begun_on_the_second_after_it()
    {
        _store.Restore(First, 6, 0, 4).Fill(6);
        _store.Write(7, 0, 4).Fill(7);
        _store.Write(8, 2, 2);

        Assert.False(_store.IsIntact(First, 6));
        Assert.True(_store.IsIntact(First, 7));
    }

    [Fact]
    public void The_slower_of_two_shards_does_not_make_an_overwritten_version_intact_again()
    {
        _store.Write(7, 0, 2);
        _store.Write(8, 0, 2);
        _store.Write(7, 2, 2);

        Assert.False(_store.IsIntact(First, 6));
    }

    [Fact]
    public void After_a_rollback_the_restored_version_counts_as_the_newest()
    {
        _store.Write(9, 0, 4);
        _store.Restore(First, 4, 0, 4).Fill(4);

        Assert.True(_store.IsIntact(First, 4));
        Assert.Equal([4, 4, 4, 4], _store.Read(4).ToArray());
    }

    [Fact]
    public void What_was_read_under_a_generation_before_a_rollback_is_not_intact()
    {
        _store.Restore(First, 4, 0, 4).Fill(4);
        Assert.True(_store.IsIntact(First, 4));
        _store.Restore(First.Next(), 4, 0, 4).Fill(4);

        Assert.False(_store.IsIntact(First, 4));
        Assert.True(_store.IsIntact(First.Next(), 4));
    }
}
