using DistNet.Neural;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>The data of a node under test: a set, or nothing until a set was fetched.</summary>
internal sealed class NodeShelf(IExampleSet? examples) : INodeData
{
    private volatile IExampleSet? _examples = examples;

    /// <summary>The set that was fetched, or null.</summary>
    public ImageSet? Kept { get; private set; }

    public Task<IExampleSet?> FindAsync(DataDescription wanted, CancellationToken cancellationToken) =>
        Task.FromResult(_examples?.ContentHash == wanted.ContentHash ? _examples : null);

    public Task KeepAsync(ImageSet images, CancellationToken cancellationToken)
    {
        _examples = Kept = images;
        return Task.CompletedTask;
    }
}
