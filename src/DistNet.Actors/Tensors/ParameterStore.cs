using DistNet.Neural.Kernels;

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

    /// <summary>Elements of the parameter vector.</summary>
    public int ParameterCount => parameterCount;

    /// <summary>The whole vector of a version that every shard has published.</summary>
    public ReadOnlySpan<float> Read(long version) => _versions[version & 1].Span;

    /// <summary>A published range of a version, to be sent to other processes.</summary>
    public ReadOnlyMemory<float> Published(long version, int offset, int length) => _versions[version & 1].Memory.Slice(offset, length);

    /// <summary>A shard's range of the version it is about to make.</summary>
    public Span<float> Write(long version, int offset, int length)
    {
        long newest = Volatile.Read(ref _newest);
        while (version > newest)
        {
            long seen = Interlocked.CompareExchange(ref _newest, version, newest);
            if (seen == newest)
                break;
            newest = seen;
        }
        return _versions[version & 1].Span.Slice(offset, length);
    }

    /// <summary>A shard's range of the version it goes back to. What is computed meanwhile carries an older generation, and is refused.</summary>
    public Span<float> Restore(long version, int offset, int length)
    {
        Volatile.Write(ref _newest, version);
        return _versions[version & 1].Span.Slice(offset, length);
    }

    /// <summary>Whether no shard has begun to overwrite this version.</summary>
    public bool IsIntact(long version) => Volatile.Read(ref _newest) < version + 2;
}
