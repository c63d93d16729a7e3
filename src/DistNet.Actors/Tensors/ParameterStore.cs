using DistNet.Neural.Kernels;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The parameters of one process: the two newest versions, shared by its workers and written by its parameter shards.</summary>
/// <remarks>
/// A version lies in the buffer of its parity. While any shard is still at version v, none can be beyond v + 1, so v stays whole: a shard
/// starts on v + 2, which overwrites v, only after every shard has completed v. A worker that is later than that asks
/// <see cref="IsIntact"/> when it is done, and throws its result away.
/// </remarks>
public sealed class ParameterStore(int parameterCount)
{
    private readonly AlignedVector<float>[] _versions = [new(parameterCount), new(parameterCount)];

    private long _newest;

    // Number of the newest generation that a shard was restored under.
    private int _restoredAt;

    /// <summary>Elements of the parameter vector.</summary>
    public int ParameterCount => parameterCount;

    /// <summary>The whole vector of a version that every shard has published.</summary>
    public ReadOnlySpan<float> Read(long version) => _versions[version & 1].Span;

    /// <summary>A published range of a version, to be sent to other processes.</summary>
    public ReadOnlyMemory<float> Published(long version, int offset, int length) => _versions[version & 1].Memory.Slice(offset, length);

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
        return _versions[version & 1].Memory.Slice(offset, length);
    }

    /// <summary>A shard's range of the version it goes back to. What was begun before that under an older generation is not intact any more.</summary>
    public Span<float> Restore(Generation generation, long version, int offset, int length)
    {
        BeginAnew(generation, version);
        return _versions[version & 1].Span.Slice(offset, length);
    }

    /// <summary>Shards of other processes publish this version, or the one before, under a generation that is new to this one.</summary>
    public void BeginAnew(Generation generation, long version)
    {
        if (generation.Number > Volatile.Read(ref _restoredAt))
            Volatile.Write(ref _restoredAt, generation.Number);
        Volatile.Write(ref _newest, version);
    }

    /// <summary>Whether this version, as read under a generation, is what it was: no shard has begun to overwrite it, and none went back under a newer generation.</summary>
    public bool IsIntact(Generation generation, long version) =>
        Volatile.Read(ref _newest) < version + 2 && generation.Number >= Volatile.Read(ref _restoredAt);
}
