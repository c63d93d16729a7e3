namespace DistNet.Protocol;

/// <summary>Which pieces of a data set are there, which are on their way, and which to ask for now.</summary>
/// <remarks>
/// The one who needs the data asks for it, a few pieces at a time: so it decides how much is on the way, and whoever has the data keeps nothing about
/// those who ask. What does not come is asked for again; that a piece comes twice does no harm.
/// </remarks>
public sealed class PieceRequests
{
    private readonly long _sizeBytes;
    private readonly int _pieceBytes;
    private readonly PieceLimits _limits;

    // Pieces asked for that have not come, by offset, and when they were asked for last; at most as many as may be under way.
    private readonly SortedDictionary<long, TimeSpan> _underWay = [];

    // Everything before it was asked for at least once.
    private long _next;

    private TimeSpan _lastArrival;

    /// <summary>Nothing is there yet.</summary>
    /// <param name="sizeBytes">Bytes of the content, at least 1.</param>
    /// <param name="pieceBytes">Bytes of each piece but the last, 1 to <see cref="DataPiece.MaxLength"/>.</param>
    /// <param name="limits">How many may be under way, and for how long.</param>
    /// <param name="now">The time.</param>
    public PieceRequests(long sizeBytes, int pieceBytes, PieceLimits limits, TimeSpan now)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(sizeBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(pieceBytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(pieceBytes, DataPiece.MaxLength);
        ArgumentNullException.ThrowIfNull(limits);
        (_sizeBytes, _pieceBytes, _limits, _lastArrival) = (sizeBytes, pieceBytes, limits, now);
    }

    /// <summary>Whether all pieces are there.</summary>
    public bool IsComplete => _next >= _sizeBytes && _underWay.Count == 0;

    /// <summary>Pieces that were asked for more than once.</summary>
    public int Repeated { get; private set; }

    /// <summary>The pieces to ask for now: those that are overdue, then new ones for which there is room.</summary>
    public IReadOnlyList<DataPiece> Ask(TimeSpan now)
    {
        List<long> offsets = [.. _underWay.Where(asked => now - asked.Value >= _limits.ResendAfter).Select(asked => asked.Key)];
        Repeated += offsets.Count;
        for (; _next < _sizeBytes && _underWay.Count < _limits.UnderWay; _next += _pieceBytes)
        {
            _underWay.Add(_next, now);
            offsets.Add(_next);
        }
        foreach (long offset in offsets)
            _underWay[offset] = now;
        return [.. offsets.Select(At)];
    }

    /// <summary>A piece is here.</summary>
    /// <returns>False if it was not asked for, or came before: it is not to be used.</returns>
    public bool Arrived(DataPiece piece, TimeSpan now)
    {
        if (!_underWay.ContainsKey(piece.Offset) || piece != At(piece.Offset))
            return false;
        _underWay.Remove(piece.Offset);
        _lastArrival = now;
        return true;
    }

    /// <summary>The first piece that is waited for, when for too long none has come; else null.</summary>
    public DataPiece? Missed(TimeSpan now) =>
        _underWay.Count > 0 && now - _lastArrival >= _limits.Silence ? At(_underWay.First().Key) : null;

    private DataPiece At(long offset) => new(offset, (int)Math.Min(_pieceBytes, _sizeBytes - offset));
}
