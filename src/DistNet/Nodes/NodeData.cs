using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>The data of a node: images of its folder or rows of its table, read when they are first needed, and images that nodes of this machine
/// have fetched.</summary>
/// <param name="find">Finds the node's own data; null where there is none.</param>
/// <param name="cache">Where fetched images are kept.</param>
/// <param name="log">Hears why images are not used, or not kept.</param>
internal sealed class NodeData(Func<DataRequest?> find, ImageCache cache, Action<string> log) : INodeData
{
    private readonly Lock _gate = new();

    // Guarded by the gate, and null until they could be read: what is not in the folder yet may be there when it is asked for next.
    private LoadedData? _loaded;

    // Read by a node that needs no test examples.
    private (string Source, IExampleSet Examples)? _training;

    // Used last, and not from the folder: a node whose cache cannot be written need not fetch it for each run.
    private volatile ImageSet? _fetched;

    /// <summary>Training and test examples.</summary>
    public LoadedData Load()
    {
        lock (_gate) return _loaded ??= (find() ?? throw DataFolders.Missing()).Load();
    }

    /// <inheritdoc/>
    public Task<IExampleSet?> FindAsync(DataDescription wanted, CancellationToken cancellationToken) =>
        Task.Run<IExampleSet?>(() => OfItsOwn(wanted) ?? InMemory(wanted) ?? InCache(wanted), cancellationToken);

    /// <inheritdoc/>
    public Task KeepAsync(ImageSet images, CancellationToken cancellationToken) => Task.Run(() => Keep(images), cancellationToken);

    private IExampleSet? OfItsOwn(DataDescription wanted)
    {
        try
        {
            if (Training() is not var (source, examples)) return null;
            if (examples.ContentHash == wanted.ContentHash) return examples;
            var what = examples is ImageSet ? "images in" : "rows of";
            log($"The {what} {source} are not those of the run (content {wanted.ContentHash}, found {examples.ContentHash}).");
        }
        catch (Exception fault) when (IsBadFile(fault))
        {
            log($"The images of this node's folder are not used: {fault.Message}");
        }

        return null;
    }

    private (string Source, IExampleSet Examples)? Training()
    {
        lock (_gate)
        {
            if (_loaded is { } loaded) return (loaded.Source, loaded.Training);
            return _training ??= find() is { } request ? (request.Path, request.LoadTraining()) : null;
        }
    }

    private ImageSet? InMemory(DataDescription wanted) => _fetched is { } images && images.ContentHash == wanted.ContentHash ? images : null;

    private ImageSet? InCache(DataDescription wanted)
    {
        try
        {
            var found = cache.Find(wanted);
            if (found is not null) _fetched = found;
            return found;
        }
        catch (Exception fault) when (IsBadFile(fault))
        {
            log($"The images that were kept in {cache.Directory} are damaged and are fetched anew: {fault.Message}");
            return null;
        }
    }

    private void Keep(ImageSet images)
    {
        _fetched = images;
        try
        {
            cache.Keep(images);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log($"The images could not be kept in {cache.Directory}, so that this node fetches them again when it is started anew: {fault.Message}");
        }
    }

    private static bool IsBadFile(Exception fault) => fault is IOException or InvalidDataException or UnauthorizedAccessException or UsageException;
}
