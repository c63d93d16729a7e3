namespace DistNet.Protocol;

/// <summary>Which parameter-server node owns which parameter shards.</summary>
/// <remarks>Placed once as many nodes are there as the run asks for; afterwards the shards of a node that is
/// lost go to those that are left, or to the next that comes.</remarks>
/// <param name="shardCount">Shards of the run.</param>
/// <param name="nodesNeeded">Nodes to wait for before the first placement.</param>
public sealed class ShardPlacement(int shardCount, int nodesNeeded)
{
    private readonly SortedDictionary<string, SortedSet<int>> _nodes = new(StringComparer.Ordinal);
    private readonly SortedSet<int> _homeless = [.. Enumerable.Range(0, shardCount)];
    private bool _hasBegun;

    /// <summary>A node that owns nothing is there.</summary>
    /// <returns>The nodes that are to own more than they did, with all they are to own.</returns>
    public IReadOnlyList<(string Node, IReadOnlyList<int> Shards)> NodeJoined(string node)
    {
        _nodes.TryAdd(node, []);
        _hasBegun |= _nodes.Count >= nodesNeeded;
        return Place();
    }

    /// <summary>No more nodes are waited for.</summary>
    /// <returns>As <see cref="NodeJoined"/>.</returns>
    public IReadOnlyList<(string Node, IReadOnlyList<int> Shards)> SettleForFewer()
    {
        _hasBegun = true;
        return Place();
    }

    /// <summary>The shards a node owns.</summary>
    public IReadOnlyList<int> ShardsOf(string node) => _nodes.TryGetValue(node, out SortedSet<int>? shards) ? [.. shards] : [];

    /// <summary>A node is gone, with what its shards held.</summary>
    /// <returns>As <see cref="NodeJoined"/>.</returns>
    public IReadOnlyList<(string Node, IReadOnlyList<int> Shards)> NodeLost(string node)
    {
        if (_nodes.Remove(node, out SortedSet<int>? shards))
            _homeless.UnionWith(shards);
        return Place();
    }

    // Neighbouring shards to one node at the first placement; later to whoever owns fewest.
    private List<(string, IReadOnlyList<int>)> Place()
    {
        if (!_hasBegun || _nodes.Count == 0)
            return [];
        SortedSet<string> changed = new(StringComparer.Ordinal);
        foreach (int shard in _homeless)
        {
            string node = _homeless.Count == shardCount
                ? _nodes.Keys.ElementAt((int)((long)shard * _nodes.Count / shardCount))
                : _nodes.MinBy(owner => owner.Value.Count).Key;
            _nodes[node].Add(shard);
            changed.Add(node);
        }
        _homeless.Clear();
        return [.. changed.Select(node => (node, ShardsOf(node)))];
    }
}
