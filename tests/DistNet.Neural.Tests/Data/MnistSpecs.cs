using System.Security.Cryptography;

namespace DistNet.Neural.Tests;

/// <summary>The repository's own data: the figures are those that the lecture prints.</summary>
public sealed class MnistSpecs : IClassFixture<MnistSpecs.Mnist>
{
    private readonly Mnist _mnist;

    public MnistSpecs(Mnist mnist) => _mnist = mnist;

    [Fact]
    public void There_are_60000_training_and_10000_test_images_of_28_x_28()
    {
        Assert.Equal((60000, 28, 28), (_mnist.Training.Count, _mnist.Training.Rows, _mnist.Training.Columns));
        Assert.Equal((10000, 28, 28), (_mnist.Test.Count, _mnist.Test.Rows, _mnist.Test.Columns));
    }

    [Fact]
    public void The_first_labels_are_5_0_4_1_9_and_7_2_1_0_4()
    {
        Assert.Equal([5, 0, 4, 1, 9], _mnist.Training.Labels[..5].ToArray());
        Assert.Equal([7, 2, 1, 0, 4], _mnist.Test.Labels[..5].ToArray());
    }

    [Fact]
    public void Each_digit_occurs_as_often_as_the_database_says()
    {
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], CountLabels(_mnist.Training));
        Assert.Equal([980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009], CountLabels(_mnist.Test));
    }

    [Fact]
    public void Pixels_and_labels_are_those_of_the_published_checksums()
    {
        Assert.Equal(Published("train-images-idx3-ubyte"), Sha256([0, 0, 8, 3, 0, 0, 0xea, 0x60, 0, 0, 0, 28, 0, 0, 0, 28], _mnist.Training.Pixels));
        Assert.Equal(Published("train-labels-idx1-ubyte"), Sha256([0, 0, 8, 1, 0, 0, 0xea, 0x60], _mnist.Training.Labels));
        Assert.Equal(Published("t10k-images-idx3-ubyte"), Sha256([0, 0, 8, 3, 0, 0, 0x27, 0x10, 0, 0, 0, 28, 0, 0, 0, 28], _mnist.Test.Pixels));
        Assert.Equal(Published("t10k-labels-idx1-ubyte"), Sha256([0, 0, 8, 1, 0, 0, 0x27, 0x10], _mnist.Test.Labels));
    }

    [Fact]
    public void The_content_hash_never_changes_because_runs_remember_it() =>
        Assert.Equal("d20f850f024b09d729e34c15ad8daf0c4984bbda8bd6b63d98369a5ba3ad737c", _mnist.Training.ContentHash);

    private static int[] CountLabels(ImageSet images)
    {
        var counts = new int[10];
        foreach (var label in images.Labels)
            counts[label]++;
        return counts;
    }

    private static string Published(string file) =>
        File.ReadLines(Path.Combine(Mnist.Folder, "SHA256SUMS.raw")).Single(line => line.EndsWith("  " + file, StringComparison.Ordinal)).Split(' ')[0];

    private static string Sha256(byte[] header, ReadOnlySpan<byte> elements)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        hash.AppendData(elements);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    /// <summary>Loaded once for all of these tests.</summary>
    public sealed class Mnist
    {
        private readonly ImageFolder _folder = ImageFolder.Load(Folder);

        public static string Folder => Path.Combine(Repository(AppContext.BaseDirectory), "data", "mnist");

        public ImageSet Training => _folder.Training;

        public ImageSet Test => _folder.Test;

        private static string Repository(string? directory) =>
            File.Exists(Path.Combine(directory!, "DistNet.sln")) ? directory! : Repository(Path.GetDirectoryName(directory));
    }
}
