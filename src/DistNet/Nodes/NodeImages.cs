using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>The images of a node: those of its folder, read when they are first needed, and those that nodes of this machine have fetched.</summary>
/// <param name="folder">Finds the folder of the node's own images; null where there is none.</param>
/// <param name="cache">Where fetched images are kept.</param>
/// <param name="log">Hears why images are not used, or not kept.</param>
internal sealed class NodeImages(Func<string?> folder, ImageCache cache, Action<string> log) : INodeData
{
    private readonly Lock _gate = new();

    // Guarded by the gate, and null until they could be read: what is not in the folder yet may be there when it is asked for next.
    private (string Folder, ImageFolder Images)? _loaded;

    // Read from the folder by a node that needs no test images.
    private (string Folder, ImageSet Images)? _training;

    // Used last, and not from the folder: a node whose cache cannot be written need not fetch it for each run.
    private volatile ImageSet? _fetched;

    /// <summary>Folder and images.</summary>
    public (string Folder, ImageFolder Images) Load()
    {
        lock (_gate)
        {
            if (_loaded is { } loaded) return loaded;
            var name = folder() ?? throw DataFolders.Missing();
            return (_loaded = (name, ImageFolder.Load(name))).Value;
        }
    }

    /// <inheritdoc/>
    public Task<IExampleSet?> FindAsync(DataDescription wanted, CancellationToken cancellationToken) =>
        Task.Run<IExampleSet?>(() => InFolder(wanted) ?? InMemory(wanted) ?? InCache(wanted), cancellationToken);

    /// <inheritdoc/>
    public Task KeepAsync(ImageSet images, CancellationToken cancellationToken) => Task.Run(() => Keep(images), cancellationToken);

    private ImageSet? InFolder(DataDescription wanted)
    {
        try
        {
            if (Training() is not var (name, images)) return null;
            if (images.ContentHash == wanted.ContentHash) return images;
            log($"The images in {name} are not those of the run (content {wanted.ContentHash}, found {images.ContentHash}).");
        }
        catch (Exception fault) when (IsBadFile(fault))
        {
            log($"The images of this node's folder are not used: {fault.Message}");
        }

        return null;
    }

    private (string Folder, ImageSet Images)? Training()
    {
        lock (_gate)
        {
            if (_loaded is var (loaded, images)) return (loaded, images.Training);
            return _training ??= folder() is { } name ? (name, ImageFolder.LoadTraining(name)) : null;
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
