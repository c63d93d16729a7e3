using DistNet.Neural;

namespace DistNet.Actors;

/// <summary>The training sets that a node has on its own machine.</summary>
public interface INodeData
{
    /// <summary>Looks for a training set.</summary>
    /// <param name="wanted">The set; its content hash says which.</param>
    /// <param name="cancellationToken">Ends the looking.</param>
    /// <returns>Null if the node does not have it; what is damaged or another set has been spoken of in the log.</returns>
    Task<IExampleSet?> FindAsync(DataDescription wanted, CancellationToken cancellationToken);

    /// <summary>Keeps a set that was fetched from another node, for the next time. Where that is impossible the log says so.</summary>
    Task KeepAsync(ImageSet images, CancellationToken cancellationToken);
}
