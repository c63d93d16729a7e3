using DistNet.Neural;

namespace DistNet;

/// <summary>The images of a node, read when they are first needed.</summary>
/// <param name="folder">Finds their folder.</param>
internal sealed class NodeImages(Func<string> folder)
{
    private readonly Lazy<(string Folder, ImageFolder Images)> _loaded = new(() =>
    {
        var name = folder();
        return (name, ImageFolder.Load(name));
    });

    /// <summary>Folder and images.</summary>
    public (string Folder, ImageFolder Images) Load() => _loaded.Value;

    /// <summary>The training images, if they are those of a hash.</summary>
    /// <exception cref="InvalidDataException">They are others.</exception>
    public Task<IExampleSet> TrainingAsync(string contentHash, CancellationToken cancellationToken) => Task.Run<IExampleSet>(
        () =>
        {
            var (name, images) = Load();
            return images.Training.ContentHash == contentHash
                ? images.Training
                : throw new InvalidDataException($"the images in {name} are not those of the run (content {contentHash}, found {images.Training.ContentHash})");
        },
        cancellationToken);
}
