namespace DistNet.Protocol;

/// <summary>What a worker decides: which step to compute next, from its lease and from what the parameter shards have published.</summary>
/// <param name="totalSteps">Steps of the whole run; version totalSteps is final and nothing is computed from it.</param>
public sealed class WorkerState(long totalSteps)
{
    private const long Unknown = -1;

    // Per parameter shard, the version published under this generation, or Unknown.
    private long[] _published = [];

    // Per parameter shard, whether the version before that was published under this generation too: another node's ranges are here only if they came.
    private bool[] _hasPrevious = [];

    // The last version computed under this generation, or Unknown; never computed twice.
    private long _computed = Unknown;

    /// <summary>The newest generation heard of, from the coordinator or from a shard.</summary>
    public Generation Generation { get; private set; }

    /// <summary>The share of each step under this generation; null until the coordinator has sent it.</summary>
    public Lease? Lease { get; private set; }

    /// <summary>The coordinator leases anew. A shard's notice of the same generation may have come first, and still holds.</summary>
    /// <returns>False if the lease is of an older generation.</returns>
    public bool Open(Generation generation, Lease lease, int shardCount)
    {
        if (generation < Generation)
            return false;
        Enter(generation);
        Lease = lease;
        Grow(shardCount);
        return true;
    }

    /// <summary>The lease is another's: nothing is computed until the next one comes.</summary>
    public void Revoke() => Lease = null;

    /// <summary>A shard is at a version.</summary>
    /// <returns>False if the notice is of an older generation.</returns>
    public bool Published(Generation generation, int shard, long version)
    {
        if (generation < Generation)
            return false;
        Enter(generation);
        Grow(shard + 1);
        if (version > _published[shard])
            (_hasPrevious[shard], _published[shard]) = (_published[shard] == version - 1, version);
        else if (version == _published[shard] - 1)
            _hasPrevious[shard] = true;
        return true;
    }

    /// <summary>Takes the next step that can be computed: all shards have published that very version. Shards differ by one version at most.</summary>
    /// <returns>False if there is none yet.</returns>
    public bool TryTakeStep(out long version)
    {
        version = Unknown;
        if (Lease is null || _published.Length == 0)
            return false;
        long behind = _published.Min();
        if (behind == Unknown || behind <= _computed || behind >= totalSteps || !AreAllHere(behind))
            return false;
        _computed = version = behind;
        return true;
    }

    private bool AreAllHere(long version)
    {
        for (int shard = 0; shard < _published.Length; shard++)
        {
            if (_published[shard] != version && (_published[shard] != version + 1 || !_hasPrevious[shard]))
                return false;
        }
        return true;
    }

    private void Enter(Generation generation)
    {
        if (generation == Generation)
            return;
        Generation = generation;
        Lease = null;
        _computed = Unknown;
        Array.Fill(_published, Unknown);
        Array.Clear(_hasPrevious);
    }

    private void Grow(int shardCount)
    {
        if (shardCount <= _published.Length)
            return;
        int known = _published.Length;
        Array.Resize(ref _published, shardCount);
        Array.Resize(ref _hasPrevious, shardCount);
        _published.AsSpan(known).Fill(Unknown);
    }
}
