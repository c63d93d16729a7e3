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

    [LinuxFact]
    public void A_range_of_another_process_is_seen_where_it_lies_and_is_not_intact_once_that_process_writes_it_again()
    {
        ParameterStore store = new(10_000, isShared: true), theirs = new(10_000, isShared: true);
        theirs.Write(6, 0, 10_000).Fill(6);
        Show(theirs, store, 6, 1_500, 5_000);
        Assert.All(store.Read(6).Slice(1_500, 5_000).ToArray(), element => Assert.Equal(6, element));
        Assert.True(store.IsIntact(First, 6));
        theirs.Write(8, 0, 10);

        Assert.False(store.IsIntact(First, 6));
    }

    [LinuxFact]
    public void A_shard_that_comes_here_writes_to_this_process_alone()
    {
        ParameterStore store = new(10_000, isShared: true), theirs = new(10_000, isShared: true);
        for (long version = 6; version <= 7; version++)
        {
            theirs.Write(version, 0, 10_000).Fill(version);
            Show(theirs, store, version, 1_500, 5_000);
        }
        store.Restore(First.Next(), 6, 1_500, 5_000).Fill(60);
        store.Write(7, 1_500, 5_000).Fill(70);

        Assert.All(theirs.Read(6).ToArray(), element => Assert.Equal(6, element));
        Assert.All(theirs.Read(7).ToArray(), element => Assert.Equal(7, element));
        Assert.All(store.Read(7).Slice(1_500, 5_000).ToArray(), element => Assert.Equal(70, element));
    }

    [Fact]
    public void Neither_what_is_from_before_a_roll_back_nor_a_version_that_all_have_left_is_expected()
    {
        _store.Restore(First.Next(), 6, 0, 4);
        _store.Write(7, 0, 4);
        _store.Write(8, 0, 4);

        Assert.Equal((false, false, true), (_store.Expects(First, 7), _store.Expects(First.Next(), 6), _store.Expects(First.Next(), 7)));
    }

    private static void Show(ParameterStore theirs, ParameterStore store, long version, int offset, int length)
    {
        Assert.True(theirs.TryShare(version, out SharedVector? vector, out long changes));
        Assert.True(store.TryShow(version, vector, changes, offset, length));
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
