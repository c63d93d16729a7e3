namespace DistNet.Neural.Tests;

public sealed class ImageCacheSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    // Ten images of 2 x 3 pixels in three classes.
    private readonly ImageSet _images =
        new([.. Enumerable.Range(0, 60).Select(i => (byte)i)], [.. Enumerable.Range(0, 10).Select(i => (byte)(i % 3))], 2, 3, 3);
    private readonly ImageCache _cache;

    public ImageCacheSpecs() => _cache = new ImageCache(_folder.File("cache"));

    private DataDescription Wanted => DataDescription.Of(_images);

    private string Kept => Path.Combine(_cache.Directory, _images.ContentHash);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void What_was_kept_is_found_again()
    {
        Assert.Null(_cache.Find(Wanted));
        _cache.Keep(_images);
        var found = _cache.Find(Wanted);

        Assert.Equal(_images.ContentHash, found?.ContentHash);
        Assert.Equal((2, 3, 3), (found!.Rows, found.Columns, found.ClassCount));
    }

    [Fact]
    public void A_kept_set_is_a_folder_of_the_two_IDX_files_and_nothing_under_construction_is_left()
    {
        _cache.Keep(_images);
        Assert.Equal(["lock", "train-images-idx3-ubyte", "train-labels-idx1-ubyte"], Directory.GetFiles(Kept).Select(Path.GetFileName).Order());
        Assert.Equal(_images.ContentHash, ImageFolder.LoadTraining(Kept, 3).ContentHash);
    }

    [Fact]
    public void Another_set_is_not_found()
    {
        _cache.Keep(_images);
        Assert.Null(_cache.Find(Wanted with { ContentHash = new string('0', 64) }));
    }

    [Theory]
    [InlineData("train-images-idx3-ubyte", 20)]
    [InlineData("train-labels-idx1-ubyte", 3)]
    [InlineData("train-labels-idx1-ubyte", 12)]
    public void A_damaged_set_is_refused_deleted_and_can_be_kept_anew(string file, int offset)
    {
        _cache.Keep(_images);
        var path = Path.Combine(Kept, file);
        var bytes = File.ReadAllBytes(path);
        bytes[offset] ^= 1;
        File.WriteAllBytes(path, bytes);

        Assert.Contains(_images.ContentHash, Assert.Throws<InvalidDataException>(() => _cache.Find(Wanted)).Message, StringComparison.Ordinal);
        Assert.Null(_cache.Find(Wanted));
        _cache.Keep(_images);
        Assert.NotNull(_cache.Find(Wanted));
    }

    [Fact]
    public void A_set_of_which_one_file_was_written_when_the_process_died_is_not_there()
    {
        _cache.Keep(_images);
        File.Move(Path.Combine(Kept, "train-images-idx3-ubyte"), Path.Combine(Kept, "train-images-idx3-ubyte.tmp"));
        Assert.Null(_cache.Find(Wanted));
        _cache.Keep(_images);
        Assert.NotNull(_cache.Find(Wanted));
    }

    [Fact]
    public void While_one_process_writes_a_set_another_leaves_it_to_that_one()
    {
        Directory.CreateDirectory(Kept);
        using (new FileStream(Path.Combine(Kept, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None))
            _cache.Keep(_images);
        Assert.Null(_cache.Find(Wanted));
        _cache.Keep(_images);
        Assert.NotNull(_cache.Find(Wanted));
    }

    [Fact]
    public async Task Several_that_keep_and_read_a_set_at_once_never_see_half_of_it()
    {
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 20; i++)
            {
                var found = _cache.Find(Wanted);
                Assert.True(found is null || found.ContentHash == _images.ContentHash);
                _cache.Keep(_images);
            }
        })));
        Assert.NotNull(_cache.Find(Wanted));
    }

    [Theory]
    [InlineData("..")]
    [InlineData("../../etc")]
    [InlineData("")]
    [InlineData("ABCDEF0000000000000000000000000000000000000000000000000000000000")]
    public void What_is_no_hash_names_no_folder(string hash) => Assert.Null(_cache.Find(Wanted with { ContentHash = hash }));
}
