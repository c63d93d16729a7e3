using DistNet.Neural.Kernels;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The parameters of one process: the two newest versions, shared by its workers and written by its parameter shards.</summary>
/// <remarks>
/// A version lies in the buffer of its parity. While any shard is still at version v, none can be beyond v + 1, so v stays whole: a shard
/// starts on v + 2, which overwrites v, only after every shard has completed v. A worker that is later than that asks
/// <see cref="IsIntact"/> when it is done, and throws its result away.
/// </remarks>
public sealed class ParameterStore
{
    // By parity.
    private readonly Memory<float>[] _versions;

    // The same vectors as other processes of this machine map them; nulls where they may not.
    private readonly SharedVector?[] _shared;

    // By parity: the version whose making or receiving began last, and the ranges, by offset, of other processes' vectors that stand in place of this
    // one's. Guarded by the gate.
    private readonly long[] _begun = [-1, -1];
    private readonly Dictionary<int, ShownRange>[] _shown = [[], []];
    private readonly Lock _gate = new();

    private long _newest;

    // Number of the newest generation that a shard was restored under.
    private int _restoredAt;

    /// <summary>Two versions of zeros.</summary>
    /// <param name="parameterCount">Elements of the parameter vector.</param>
    /// <param name="isShared">Whether other processes of this machine may read what is published.</param>
    public ParameterStore(int parameterCount, bool isShared = false)
    {
        ParameterCount = parameterCount;
        _shared = isShared ? [SharedVector.TryCreate(parameterCount), SharedVector.TryCreate(parameterCount)] : [null, null];
        _versions = [.. _shared.Select(shared => shared?.Memory ?? new AlignedVector<float>(parameterCount).Memory)];
    }

    /// <summary>Elements of the parameter vector.</summary>
    public int ParameterCount { get; }

    /// <summary>The whole vector of a version that every shard has published.</summary>
    public ReadOnlySpan<float> Read(long version) => Of(version).Span;

    /// <summary>A published range of a version, to be sent to other processes.</summary>
    public ReadOnlyMemory<float> Published(long version, int offset, int length) => Of(version).Slice(offset, length);

    /// <summary>A shard's range of the version it is about to make.</summary>
    public Span<float> Write(long version, int offset, int length) => Receive(version, offset, length).Span;

    /// <summary>The same, for a range that another process has made.</summary>
    public Memory<float> Receive(long version, int offset, int length)
    {
        long newest = Volatile.Read(ref _newest);
        while (version > newest)
        {
            long seen = Interlocked.CompareExchange(ref _newest, version, newest);
            if (seen == newest)
                break;
            newest = seen;
        }
        return Begin(version).Slice(offset, length);
    }

    /// <summary>A shard's range of the version it goes back to. What was begun before that under an older generation is not intact any more.</summary>
    public Span<float> Restore(Generation generation, long version, int offset, int length)
    {
        BeginAnew(generation, version);
        Own(version, offset, length);
        Own(version + 1, offset, length);
        return Begin(version).Slice(offset, length).Span;
    }

    /// <summary>Whether a range that another process published is of any use: it is not from before a
    /// roll-back, and not of a version that all have left.</summary>
    public bool Expects(Generation generation, long version) =>
        generation.Number >= Volatile.Read(ref _restoredAt) && version > Volatile.Read(ref _newest) - 2;

    /// <summary>Shards of other processes publish this version, or the one before, under a generation that is new to this one.</summary>
    public void BeginAnew(Generation generation, long version)
    {
        // Shards of this process and what comes from others go back on threads of their own: the word of an older generation may come last.
        lock (_gate)
        {
            if (generation.Number < _restoredAt)
                return;
            Volatile.Write(ref _restoredAt, generation.Number);
            Volatile.Write(ref _newest, version);
        }
    }

    /// <summary>
    /// Whether this version, as read under a generation, is what it was: no shard has begun to overwrite it, here or in the process whose vector is shown,
    /// and none went back under a newer generation.
    /// </summary>
    public bool IsIntact(Generation generation, long version) =>
        Volatile.Read(ref _newest) < version + 2 && generation.Number >= Volatile.Read(ref _restoredAt) && AreShownRangesIntact(version);

    /// <summary>Where other processes of this machine find a published version.</summary>
    /// <param name="version">The version.</param>
    /// <param name="vector">The whole vector.</param>
    /// <param name="changes">As long as its <see cref="SharedVector.Changes"/> are these, it holds that version.</param>
    /// <returns>False where the vector is not shared, or holds another version by now.</returns>
    internal bool TryShare(long version, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out SharedVector? vector, out long changes)
    {
        lock (_gate)
        {
            vector = _begun[version & 1] == version ? _shared[version & 1] : null;
            changes = vector?.Changes ?? 0;
            return vector is not null;
        }
    }

    /// <summary>Has a range of a version be that of another process's vector, which goes on to write it. What lies between whole pages is copied.</summary>
    /// <returns>False where this store is not shared, so that the whole range is to be copied.</returns>
    /// <param name="version">The version.</param>
    /// <param name="theirs">The other process's whole vector.</param>
    /// <param name="changes">Its <see cref="SharedVector.Changes"/> while it holds that version.</param>
    /// <param name="offset">First element of the range.</param>
    /// <param name="length">Elements of the range.</param>
    internal bool TryShow(long version, SharedVector theirs, long changes, int offset, int length)
    {
        Memory<float> own = Receive(version, offset, length);
        lock (_gate)
        {
            if (_shared[version & 1] is not { } vector)
                return false;
            Dictionary<int, ShownRange> shown = _shown[version & 1];
            bool isShown = shown.TryGetValue(offset, out ShownRange range) && range.Vector.Reference == theirs.Reference;
            range = new ShownRange(theirs, changes, length, isShown ? range.Elements : vector.Show(theirs, offset, length));
            shown[offset] = range;
            int first = range.Elements.Start.Value - offset, end = range.Elements.End.Value - offset;
            ReadOnlySpan<float> source = theirs.GetSpan().Slice(offset, length);
            source[..first].CopyTo(own.Span);
            source[end..].CopyTo(own.Span[end..]);
            return true;
        }
    }

    /// <summary>Has a range hold elements of this store again, if it does not.</summary>
    internal void Own(long version, int offset, int length)
    {
        lock (_gate)
        {
            Dictionary<int, ShownRange> shown = _shown[version & 1];
            foreach ((int at, ShownRange range) in shown.Where(entry => entry.Key < offset + length && offset < entry.Key + entry.Value.Length).ToArray())
            {
                _shared[version & 1]!.Own(at, range.Length);
                shown.Remove(at);
            }
        }
    }

    // Whoever copies the vector in another process learns from the count of changes that what it got may be of two versions.
    private Memory<float> Begin(long version)
    {
        lock (_gate)
        {
            if (_begun[version & 1] != version)
            {
                _begun[version & 1] = version;
                _shared[version & 1]?.BeginChange();
            }
            return Of(version);
        }
    }

    private Memory<float> Of(long version) => _versions[version & 1];

    // Between two nodes a roll-back or a late lease may have the other one write what is still being read here.
    private bool AreShownRangesIntact(long version)
    {
        Interlocked.MemoryBarrier();
        lock (_gate)
        {
            foreach (ShownRange range in _shown[version & 1].Values)
                if (range.Vector.Changes != range.Changes)
                    return false;
            return true;
        }
    }

    // Of another process: its vector, how often that had changed when it held the version, the range's length, and the elements that are shown.
    private readonly record struct ShownRange(SharedVector Vector, long Changes, int Length, Range Elements);
}
