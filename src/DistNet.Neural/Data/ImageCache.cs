namespace DistNet.Neural;

/// <summary>Training images kept on disk under their content hash, for all processes of a machine: a folder of a set's two IDX files for each set.</summary>
/// <remarks>A set is verified by its hash whenever it is read, so nothing that happens to the files can change what is trained.</remarks>
/// <param name="directory">The folder of the sets; made when the first set is kept.</param>
public sealed class ImageCache(string directory)
{
    private const string ClaimName = "lock";
    private const int HashLength = 64;

    /// <summary>The folder of the sets.</summary>
    public string Directory => directory;

    /// <summary>The training images that were described.</summary>
    /// <returns>Null if they are not here.</returns>
    /// <exception cref="InvalidDataException">They are damaged; their files were deleted.</exception>
    /// <exception cref="IOException">They cannot be read or, damaged, deleted.</exception>
    /// <exception cref="UnauthorizedAccessException">The same.</exception>
    public ImageSet? Find(DataDescription wanted)
    {
        ArgumentNullException.ThrowIfNull(wanted);
        if (!IsHash(wanted.ContentHash) || wanted.TargetSize is < 1 or > 256 || !ImageFolder.HasTraining(FolderOf(wanted.ContentHash)))
            return null;
        try
        {
            return Load(wanted);
        }
        catch (InvalidDataException)
        {
            ImageFolder.DeleteTraining(FolderOf(wanted.ContentHash));
            throw;
        }
    }

    /// <summary>Keeps a set of training images. Does nothing while another process is writing the same.</summary>
    /// <exception cref="IOException">The disk is full, read-only or gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder may not be written.</exception>
    public void Keep(ImageSet images)
    {
        ArgumentNullException.ThrowIfNull(images);
        var folder = FolderOf(images.ContentHash);
        System.IO.Directory.CreateDirectory(folder);
        using var claim = FileClaim.TryTake(Path.Combine(folder, ClaimName));
        if (claim is not null)
            ImageFolder.SaveTraining(folder, images);
    }

    private ImageSet Load(DataDescription wanted)
    {
        var folder = FolderOf(wanted.ContentHash);
        var images = ImageFolder.LoadTraining(folder, wanted.TargetSize);
        return images.ContentHash == wanted.ContentHash
            ? images
            : throw FileDamage.Whole(folder, $"the content hash {wanted.ContentHash}", images.ContentHash, FileDamage.TakeFreshCopy);
    }

    private string FolderOf(string contentHash) => Path.Combine(directory, contentHash);

    // It becomes the name of a folder, and comes from another node.
    private static bool IsHash(string text) => text.Length == HashLength && text.All(char.IsAsciiHexDigitLower);
}
