using System.Security.Cryptography;

namespace DistNet.Tests;

public sealed class DataSpecs : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task Verify_reports_counts_shapes_and_labels()
    {
        var outcome = await Workspace.Run("data", "verify", "--data", _work.Data);
        Assert.Equal(0, outcome.Code);
        Assert.Contains("240 images of 8 x 8 for training, 60 images of 8 x 8 for tests", outcome.Output, StringComparison.Ordinal);
        Assert.Contains("not listed", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verify_compares_the_files_with_the_folders_own_checksums()
    {
        var images = SmallImages.ImagesOf(_work.Data);
        var list = Path.Combine(_work.Data, "SHA256SUMS.raw");
        await File.WriteAllTextAsync(list, $"{Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(images)))}  train-images-idx3-ubyte\n");
        Assert.Contains("train-images-idx3-ubyte  as listed", (await Workspace.Run("data", "verify", "--data", _work.Data)).Output, StringComparison.Ordinal);

        var bytes = await File.ReadAllBytesAsync(images);
        bytes[^1] ^= 1; // still a good IDX file
        await File.WriteAllBytesAsync(images, bytes);
        var outcome = await Workspace.Run("data", "verify", "--data", _work.Data);
        Assert.Equal(1, outcome.Code);
        Assert.Contains("differs from SHA256SUMS.raw: expected", outcome.Sentence, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Show_draws_each_image_under_its_index_and_label()
    {
        var labels = (await File.ReadAllBytesAsync(SmallImages.LabelsOf(_work.Data, "t10k")))[8..];
        var output = (await Workspace.Run("data", "show", "--data", _work.Data, "--split", "test", "--from", "5", "--count", "2")).Output;
        Assert.Contains($"5: {labels[5]}", output, StringComparison.Ordinal);
        Assert.Contains($"6: {labels[6]}", output, StringComparison.Ordinal);
        Assert.Equal(1 + SmallImages.Side / 2, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length); // two rows of pixels a line
    }

    [Fact]
    public async Task The_repositorys_own_images_are_found_from_any_folder_below_it()
    {
        var outcome = await DistNetProcess.Run(["data", "show", "--count", "1"], AppContext.BaseDirectory);
        Assert.Equal(0, outcome.Code);
        Assert.StartsWith("0: 5", outcome.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_images_beside_it_is_a_usage_error()
    {
        var outcome = await Workspace.Run("data", "show", "--data", Path.Combine(_work.Root, "none"));
        Assert.Equal(2, outcome.Code);
        Assert.Contains("name one with --data", outcome.Sentence, StringComparison.Ordinal);
    }
}
