using FsCheck.Xunit;

namespace DistNet.Protocol.Tests;

public class PieceRequestsSpecs
{
    private static readonly PieceLimits Limits = new() { UnderWay = 3, ResendAfter = TimeSpan.FromSeconds(2), Silence = TimeSpan.FromSeconds(10) };

    // Ten bytes in pieces of 4, 4 and 2, but for the specs that need more.
    private readonly PieceRequests _requests = new(10, 4, Limits, At(0));

    [Fact]
    public void All_pieces_are_asked_for_once_and_the_last_one_is_shorter() =>
        Assert.Equal([new DataPiece(0, 4), new DataPiece(4, 4), new DataPiece(8, 2)], _requests.Ask(At(0)));

    [Fact]
    public void No_more_pieces_are_under_way_than_allowed_and_each_arrival_makes_room_for_one()
    {
        PieceRequests requests = new(100, 4, Limits, At(0));
        Assert.Equal([0, 4, 8], requests.Ask(At(0)).Select(piece => piece.Offset));
        Assert.Empty(requests.Ask(At(1)));
        Assert.True(requests.Arrived(new DataPiece(4, 4), At(1)));
        Assert.Equal([12], requests.Ask(At(1)).Select(piece => piece.Offset));
    }

    [Fact]
    public void A_piece_that_does_not_come_is_asked_for_again_and_counted()
    {
        _requests.Ask(At(0));
        _requests.Arrived(new DataPiece(0, 4), At(1));
        Assert.Empty(_requests.Ask(At(1.9)));
        Assert.Equal([new DataPiece(4, 4), new DataPiece(8, 2)], _requests.Ask(At(2)));
        Assert.Empty(_requests.Ask(At(3.9)));
        Assert.Equal(2, _requests.Repeated);
    }

    [Fact]
    public void A_piece_that_comes_twice_is_taken_once()
    {
        _requests.Ask(At(0));
        Assert.True(_requests.Arrived(new DataPiece(4, 4), At(1)));
        Assert.False(_requests.Arrived(new DataPiece(4, 4), At(1)));
    }

    [Theory]
    [InlineData(8, 4)]
    [InlineData(2, 4)]
    [InlineData(12, 4)]
    [InlineData(-4, 4)]
    public void What_was_not_asked_for_is_not_taken(long offset, int length)
    {
        _requests.Ask(At(0));
        Assert.False(_requests.Arrived(new DataPiece(offset, length), At(0)));
    }

    [Fact]
    public void The_first_missing_piece_is_named_when_none_has_come_for_too_long()
    {
        _requests.Ask(At(0));
        _requests.Arrived(new DataPiece(0, 4), At(5));
        _requests.Ask(At(14));
        Assert.Null(_requests.Missed(At(14.9)));
        Assert.Equal(new DataPiece(4, 4), _requests.Missed(At(15)));
    }

    [Fact]
    public void A_content_that_is_complete_misses_nothing()
    {
        foreach (DataPiece piece in _requests.Ask(At(0)))
            _requests.Arrived(piece, At(0));
        Assert.True(_requests.IsComplete);
        Assert.Empty(_requests.Ask(At(100)));
        Assert.Null(_requests.Missed(At(100)));
    }

    [Theory]
    [InlineData(0, 1, true)]
    [InlineData(9, 1, true)]
    [InlineData(10, 1, false)]
    [InlineData(0, 0, false)]
    [InlineData(-1, 1, false)]
    [InlineData(long.MaxValue, 1, false)]
    [InlineData(0, DataPiece.MaxLength + 1, false)]
    public void A_piece_lies_within_its_content(long offset, int length, bool isWithin) => Assert.Equal(isWithin, new DataPiece(offset, length).IsWithin(10));

    // Whatever is lost, late or twice: every byte is taken exactly once, and what is under way stays within its limit.
    [Property]
    public void Every_byte_comes_exactly_once_through_a_bad_network(int seed, ushort size)
    {
        Random chance = new(seed);
        PieceRequests requests = new(size + 1L, 100, Limits, At(0));
        int[] taken = new int[size + 1];
        List<DataPiece> wire = [];
        for (int second = 0; !requests.IsComplete; second++)
        {
            Assert.True(second < 1_000_000, $"It does not end; seed {seed}, {size + 1} bytes.");
            IReadOnlyList<DataPiece> asked = requests.Ask(At(second));
            Assert.InRange(asked.Count, 0, Limits.UnderWay);
            wire.AddRange(asked.SelectMany(piece => Enumerable.Repeat(piece, chance.Next(3)))); // lost, or twice
            foreach (DataPiece piece in wire.Where(_ => chance.Next(2) == 0).ToArray())
            {
                wire.Remove(piece);
                if (requests.Arrived(piece, At(second)))
                    Array.ForEach([.. Enumerable.Range((int)piece.Offset, piece.Length)], i => taken[i]++);
            }
        }
        Assert.All(taken, count => Assert.Equal(1, count));
    }

    private static TimeSpan At(double seconds) => TimeSpan.FromSeconds(seconds);
}
