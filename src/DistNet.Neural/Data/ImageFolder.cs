namespace DistNet.Neural;

/// <summary>A folder of four IDX files, the layout of MNIST and of its drop-in replacements (Fashion-MNIST, KMNIST).</summary>
/// <remarks>
/// Each file may be gzip-compressed (<c>.gz</c>) or raw (no extension). If both are there the raw one is read, because it needs no
/// unpacking. Images may have any size, the same in all of the folder.
/// </remarks>
/// <param name="Training">The training images.</param>
/// <param name="Test">The test images, never trained on.</param>
public sealed record ImageFolder(ImageSet Training, ImageSet Test)
{
    private const string TrainingName = "train";
    private const string TestName = "t10k";

    /// <summary>Reads the whole folder, the two sets in parallel.</summary>
    /// <param name="directory">The folder.</param>
    /// <param name="classCount">Labels must be below this; 1 to 256. The layout's data sets have ten classes.</param>
    /// <exception cref="DirectoryNotFoundException">The folder does not exist.</exception>
    /// <exception cref="FileNotFoundException">One of the four files is missing.</exception>
    /// <exception cref="InvalidDataException">A file is damaged, or the files do not fit together.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static ImageFolder Load(string directory, int classCount = 10)
    {
        var test = Task.Run(() => LoadTest(directory, classCount));
        var training = LoadTraining(directory, classCount);
        var folder = new ImageFolder(training, test.GetAwaiter().GetResult());
        if ((folder.Training.Rows, folder.Training.Columns) != (folder.Test.Rows, folder.Test.Columns))
        {
            throw FileDamage.Whole(
                directory,
                $"test images of {folder.Training.Rows} x {folder.Training.Columns} pixels, as the training images",
                $"{folder.Test.Rows} x {folder.Test.Columns}",
                FileDamage.TakeFreshCopy);
        }
        return folder;
    }

    /// <summary>Reads the training images alone.</summary>
    /// <inheritdoc cref="Load"/>
    public static ImageSet LoadTraining(string directory, int classCount = 10) => LoadSet(directory, TrainingName, classCount);

    /// <summary>Reads the test images alone.</summary>
    /// <inheritdoc cref="Load"/>
    public static ImageSet LoadTest(string directory, int classCount = 10) => LoadSet(directory, TestName, classCount);

    /// <summary>Writes training images alone, raw, where <see cref="LoadTraining"/> finds them; each file is there whole or not at all.</summary>
    internal static void SaveTraining(string directory, ImageSet images)
    {
        AtomicFile.Write(Path.Combine(directory, LabelsOf(TrainingName)), stream => IdxFile.WriteLabels(stream, images));
        AtomicFile.Write(Path.Combine(directory, ImagesOf(TrainingName)), stream => IdxFile.WriteImages(stream, images));
    }

    /// <summary>Whether both files of <see cref="SaveTraining"/> are there.</summary>
    internal static bool HasTraining(string directory) =>
        File.Exists(Path.Combine(directory, LabelsOf(TrainingName))) && File.Exists(Path.Combine(directory, ImagesOf(TrainingName)));

    /// <summary>Deletes what <see cref="SaveTraining"/> wrote.</summary>
    internal static void DeleteTraining(string directory)
    {
        File.Delete(Path.Combine(directory, LabelsOf(TrainingName)));
        File.Delete(Path.Combine(directory, ImagesOf(TrainingName)));
    }

    private static string ImagesOf(string name) => $"{name}-images-idx3-ubyte";

    private static string LabelsOf(string name) => $"{name}-labels-idx1-ubyte";

    private static ImageSet LoadSet(string directory, string name, int classCount)
    {
        var (imagesPath, labelsPath) = (Find(directory, ImagesOf(name)), Find(directory, LabelsOf(name)));
        var labels = IdxFile.ReadLabels(labelsPath, classCount); // the small file first: its faults cost no long wait
        var images = IdxFile.ReadImages(imagesPath);
        return images.Count == labels.Length
            ? new ImageSet(images.Pixels, labels, images.Rows, images.Columns, classCount)
            : throw FileDamage.At(
                labelsPath, 4, $"{images.Count} labels, as {imagesPath} has images", $"{labels.Length}", FileDamage.TakeFreshCopy);
    }

    private static string Find(string directory, string name)
    {
        var raw = Path.Combine(directory, name);
        if (File.Exists(raw))
            return raw;
        if (File.Exists(raw + ".gz"))
            return raw + ".gz";
        if (!Directory.Exists(directory))
            throw new DirectoryNotFoundException($"The data folder {directory} does not exist; {ExpectedFiles}.");
        throw new FileNotFoundException($"The data folder {directory} has no file {name}.gz or {name}; {ExpectedFiles}.", raw + ".gz");
    }

    private const string ExpectedFiles =
        "expected a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each raw or as .gz";
}
