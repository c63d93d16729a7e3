namespace DistNet.Protocol;

/// <summary>The nodes of a run as its coordinator knows them: who is in it, who has to begin anew first, and which parameter shards live where.</summary>
/// <remarks>
/// A node says every second that it is ready. That is all there is to repeat: whatever the coordinator told it and was lost, it is told again at the next one.
/// A node names its beginning with it, a number that grows each time it begins anew; so one that was taken for lost, and goes on as if nothing had
/// happened, is known from the one that has come back with nothing.
/// </remarks>
/// <param name="shardCount">Shards of the run.</param>
/// <param name="parameterServers">Parameter servers to wait for before the first placement.</param>
public sealed class NodeRoster(int shardCount, int parameterServers)
{
    private readonly ShardPlacement _placement = new(shardCount, parameterServers);

    // By the place where they take tensors: at most one node is there.
    private readonly Dictionary<string, Member> _nodes = new(StringComparer.Ordinal);

    // By address, the newest beginning that was taken for lost, or whose place another has taken: what it still says comes late.
    private readonly Dictionary<string, long> _lost = new(StringComparer.Ordinal);

    // Shards that have registered from the node that owns them.
    private readonly HashSet<int> _registered = [];

    /// <summary>A node has its data and can take part; it says so again and again.</summary>
    /// <param name="node">Its address.</param>
    /// <param name="place">Where it takes tensors.</param>
    /// <param name="beginning">Grows with each beginning of this node.</param>
    /// <param name="takesShards">Whether it is a parameter server.</param>
    public IReadOnlyList<NodeEffect> Ready(string node, string place, long beginning, bool takesShards)
    {
        if (_lost.TryGetValue(node, out long lost) && beginning <= lost)
            return [new BeginNodeAnew(node, lost)];
        if (_nodes.TryGetValue(place, out Member known) && known.Node == node && beginning <= known.Beginning)
            return beginning == known.Beginning ? PlaceAgain(place) : [];
        if (known.Node is not null && known.Node != node)
            _lost[known.Node] = known.Beginning;
        List<NodeEffect> effects = [];
        Leave(place, effects); // the process before it, or its own beginning before this one
        _nodes.Add(place, new Member(node, beginning));
        if (takesShards)
            Place(_placement.NodeJoined(place), effects);
        return effects;
    }

    /// <summary>A node cannot be reached, or its process has ended. One that is there after all begins anew: nobody can know what it has missed.</summary>
    public IReadOnlyList<NodeEffect> Lost(string place)
    {
        if (!_nodes.TryGetValue(place, out Member member))
            return [];
        _lost[member.Node] = member.Beginning;
        List<NodeEffect> effects = [new BeginNodeAnew(member.Node, member.Beginning)];
        Leave(place, effects);
        return effects;
    }

    /// <summary>No more parameter servers are waited for: shards are placed on those that are there, or on the first that comes.</summary>
    public IReadOnlyList<NodeEffect> SettleForFewer()
    {
        List<NodeEffect> effects = [];
        Place(_placement.SettleForFewer(), effects);
        return effects;
    }

    /// <summary>A parameter shard registers. One whose node is taken for lost ends soon, and its end must not be taken for another's.</summary>
    /// <returns>Whether it is where it was placed.</returns>
    public bool ShardRegistered(int shard, string place)
    {
        if (!_nodes.ContainsKey(place) || !_placement.ShardsOf(place).Contains(shard))
            return false;
        _registered.Add(shard);
        return true;
    }

    /// <summary>Whether a node is in the run: this very address, not another that was at its place, or is by now.</summary>
    public bool IsMember(string node, string place) => _nodes.TryGetValue(place, out Member member) && member.Node == node;

    private void Leave(string place, List<NodeEffect> effects)
    {
        if (!_nodes.Remove(place))
            return;
        IReadOnlyList<int> shards = _placement.ShardsOf(place);
        _registered.ExceptWith(shards);
        effects.Add(new NodeLeft(place, shards));
        Place(_placement.NodeLost(place), effects);
    }

    private IReadOnlyList<NodeEffect> PlaceAgain(string place)
    {
        IReadOnlyList<int> shards = _placement.ShardsOf(place);
        return _registered.IsSupersetOf(shards) ? [] : [new PlaceShardsOn(_nodes[place].Node, shards)];
    }

    private void Place(IReadOnlyList<(string Place, IReadOnlyList<int> Shards)> placements, List<NodeEffect> effects)
    {
        foreach ((string place, IReadOnlyList<int> shards) in placements)
            effects.Add(new PlaceShardsOn(_nodes[place].Node, shards));
    }

    private readonly record struct Member(string Node, long Beginning);
}
