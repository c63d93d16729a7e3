using DistNet.Actors;

namespace DistNet;

/// <summary>Who asks a cluster: a connection from outside, or a node of it.</summary>
internal interface IClusterClient
{
    /// <summary>The nodes that it asks, for errors.</summary>
    string Nodes { get; }

    /// <summary>Asks.</summary>
    /// <typeparam name="T">What the answer is.</typeparam>
    /// <returns>Null if none came in time.</returns>
    Task<T?> AskAsync<T>(object question, CancellationToken cancellationToken)
        where T : class;
}

/// <summary>A node asks its own cluster.</summary>
internal sealed class OwnCluster(ClusterNode node) : IClusterClient
{
    /// <inheritdoc/>
    public string Nodes => node.Address;

    /// <inheritdoc/>
    public Task<T?> AskAsync<T>(object question, CancellationToken cancellationToken)
        where T : class =>
        node.AskAsync<T>(question, cancellationToken);
}
