namespace DistNet.Neural.Tests;

public sealed class ImageFolderSpecs : IDisposable
{
    private const string TrainImages = "train-images-idx3-ubyte";
    private const string TrainLabels = "train-labels-idx1-ubyte";
    private const string TestImages = "t10k-images-idx3-ubyte";
    private const string TestLabels = "t10k-labels-idx1-ubyte";

    private readonly TemporaryFolder _folder = new();

    public ImageFolderSpecs()
    {
        _folder.Write(TrainImages + ".gz", IdxBytes.Gzip(IdxBytes.TwoImages()));
        _folder.Write(TrainLabels + ".gz", IdxBytes.Gzip(IdxBytes.TwoLabels()));
        _folder.Write(TestImages, IdxBytes.TwoImages());
        _folder.Write(TestLabels, IdxBytes.TwoLabels());
    }

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_may_mix_compressed_and_raw_files()
    {
        var folder = ImageFolder.Load(_folder.Path);
        Assert.Equal((2, 2), (folder.Training.Count, folder.Test.Count));
        Assert.Equal(folder.Training.ContentHash, folder.Test.ContentHash);
    }

    [Fact]
    public void Where_both_forms_are_there_the_raw_one_is_read()
    {
        _folder.Write(TrainLabels, IdxBytes.Of(IdxBytes.Labels, [2], [1, 2]));
        Assert.Equal([1, 2], ImageFolder.LoadTraining(_folder.Path).Labels.ToArray());
    }

    [Fact]
    public void The_layout_has_ten_classes_however_few_occur() =>
        Assert.Equal((10, 10), (ImageFolder.LoadTest(_folder.Path).ClassCount, ImageFolder.LoadTest(_folder.Path).TargetSize));

    [Fact]
    public void A_missing_folder_is_refused_by_a_sentence_that_names_the_files()
    {
        var missing = _folder.File("none");
        var refusal = Assert.Throws<DirectoryNotFoundException>(() => ImageFolder.Load(missing));
        Assert.Equal(
            $"The data folder {missing} does not exist; expected a folder with train-images-idx3-ubyte, train-labels-idx1-ubyte, t10k-images-idx3-ubyte and t10k-labels-idx1-ubyte, each raw or as .gz.",
            refusal.Message);
    }

    [Theory]
    [InlineData(TrainImages + ".gz", TrainImages)]
    [InlineData(TrainLabels + ".gz", TrainLabels)]
    [InlineData(TestImages, TestImages)]
    [InlineData(TestLabels, TestLabels)]
    public void A_missing_file_is_refused_by_a_sentence_that_names_it(string file, string name)
    {
        File.Delete(_folder.File(file));
        var refusal = Assert.Throws<FileNotFoundException>(() => ImageFolder.Load(_folder.Path));
        Assert.StartsWith($"The data folder {_folder.Path} has no file {name}.gz or {name}; expected a folder with", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Images_and_labels_of_different_counts_are_refused()
    {
        var labels = _folder.Write(TestLabels, IdxBytes.Of(IdxBytes.Labels, [3], [1, 2, 3]));
        var refusal = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder.Path));
        Assert.Equal(
            $"{labels} cannot be used: at offset 4 expected 2 labels, as {_folder.File(TestImages)} has images, found 3; take a fresh copy of the file.",
            refusal.Message);
    }

    [Fact]
    public void Training_and_test_images_of_different_sizes_are_refused()
    {
        _folder.Write(TestImages, IdxBytes.Of(IdxBytes.Images, [2, 3, 2], new byte[12]));
        var refusal = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder.Path));
        Assert.Contains("expected test images of 2 x 3 pixels, as the training images, found 3 x 2;", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_label_out_of_range_is_refused_with_its_file()
    {
        var labels = _folder.Write(TestLabels, IdxBytes.Of(IdxBytes.Labels, [2], [1, 10]));
        var refusal = Assert.Throws<InvalidDataException>(() => ImageFolder.Load(_folder.Path));
        Assert.StartsWith($"{labels} cannot be used: at offset 9 expected a label from 0 to 9, found 10;", refusal.Message, StringComparison.Ordinal);
    }
}
