namespace DistNet.Protocol;

/// <summary>
/// What a worker decides: which step to compute next, from its lease and from what the parameter shards have published; and whom to help when it is idle.
/// </summary>
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

    // Nodes of that step, of others' shares, to compute next and those computed already: none twice.
    private readonly List<TreeNode> _wanted = [];
    private readonly List<TreeNode> _helped = [];

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
    /// <returns>Whether there was one. It is said again until the worker registers.</returns>
    public bool Revoke()
    {
        bool held = Lease is not null;
        Lease = null;
        _wanted.Clear();
        return held;
    }

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
        ForgetHelp();
        return true;
    }

    /// <summary>A shard lacks nodes of a step and asks every worker for them. Workers begin with different ones, so that they divide the work.</summary>
    /// <returns>
    /// Whether there is something to compute now. Not for a worker that is at another step, or is not in that generation: it has work of its own.
    /// </returns>
    public bool AskedForHelp(Generation generation, long version, IReadOnlyList<TreeNode> nodes)
    {
        ArgumentNullException.ThrowIfNull(nodes);
        if (generation != Generation || version != _computed || Lease is not { } lease)
            return false;
        for (int i = 0; i < nodes.Count; i++)
        {
            TreeNode node = nodes[(i + lease.Index) % nodes.Count];
            if (!_wanted.Contains(node))
                _wanted.Add(node);
        }
        return _wanted.Count > 0;
    }

    /// <summary>Takes the next node to help with. Ask between two nodes whether there is a step of the worker's own first: <see cref="TryTakeStep"/>.</summary>
    /// <param name="version">The step's version.</param>
    /// <param name="node">The node, within the generation for the first time.</param>
    public bool TryTakeHelp(out long version, out TreeNode node)
    {
        (version, node) = (_computed, default);
        while (_wanted.Count > 0)
        {
            node = _wanted[0];
            _wanted.RemoveAt(0);
            if (IsHelped(node))
                continue;
            _helped.Add(node);
            return true;
        }
        return false;
    }

    private bool IsHelped(TreeNode node)
    {
        foreach (TreeNode helped in _helped)
        {
            if (helped.Covers(node))
                return true;
        }
        return false;
    }

    private void ForgetHelp()
    {
        _wanted.Clear();
        _helped.Clear();
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
        ForgetHelp();
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
