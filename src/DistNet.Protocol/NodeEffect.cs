namespace DistNet.Protocol;

/// <summary>Something that <see cref="NodeRoster"/> wants done.</summary>
public abstract record NodeEffect;

/// <summary>Tell a node that it was taken for lost and is to begin anew, with nothing.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Beginning">The beginning that is lost; if the node has begun anew since, this is no news.</param>
public sealed record BeginNodeAnew(string Node, long Beginning) : NodeEffect;

/// <summary>A node's members are lost: the workers at its place, and the parameter shards it owned, which are to live elsewhere.</summary>
/// <param name="Place">Where it took tensors.</param>
/// <param name="Shards">Its shards.</param>
public sealed record NodeLeft(string Place, IReadOnlyList<int> Shards) : NodeEffect;

/// <summary>Tell a node which parameter shards it owns, all of them.</summary>
/// <param name="Node">Its address.</param>
/// <param name="Shards">Their indices.</param>
public sealed record PlaceShardsOn(string Node, IReadOnlyList<int> Shards) : NodeEffect;
