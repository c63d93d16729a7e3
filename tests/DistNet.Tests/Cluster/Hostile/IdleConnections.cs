namespace DistNet.Tests.Cluster.Hostile;

/// <summary>Many connections that say nothing, or begin to say something and stop.</summary>
internal sealed class IdleConnections : IDisposable
{
    private readonly List<Stranger> _strangers = [];

    /// <summary>Opens them.</summary>
    /// <param name="port">The node's.</param>
    /// <param name="count">How many.</param>
    /// <param name="begun">What each says before it falls silent.</param>
    public static async Task<IdleConnections> OpenAsync(int port, int count, byte[] begun)
    {
        var idle = new IdleConnections();
        for (var i = 0; i < count; i++)
        {
            var stranger = await Stranger.ConnectAsync(port);
            idle._strangers.Add(stranger);
            await stranger.SayAsync(begun);
        }

        return idle;
    }

    /// <summary>Waits until the node has closed them all.</summary>
    /// <exception cref="OperationCanceledException">It keeps some.</exception>
    public Task UntilClosedAsync() => Task.WhenAll(_strangers.Select(stranger => stranger.UntilClosedAsync()));

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var stranger in _strangers) stranger.Dispose();
    }
}
