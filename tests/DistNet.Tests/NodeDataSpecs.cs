using DistNet.Neural;

namespace DistNet.Tests;

/// <summary>In which order a node looks for a run's images on its own machine.</summary>
public sealed class NodeDataSpecs : IDisposable
{
    private readonly Workspace _work = new();
    private readonly ImageSet _images;
    private readonly ImageCache _cache;
    private readonly List<string> _log = [];

    public NodeDataSpecs() => (_images, _cache) = (ImageFolder.LoadTraining(_work.Data), new ImageCache(Path.Combine(_work.Root, "cache")));

    private DataDescription Wanted => DataDescription.Of(_images);

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task The_folder_goes_before_the_cache_and_needs_no_test_images()
    {
        foreach (var test in Directory.GetFiles(_work.Data, "t10k*")) File.Delete(test);
        var found = await Node(() => _work.Data).FindAsync(Wanted, default);

        Assert.Equal(_images.ContentHash, found?.ContentHash);
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_folder_of_other_images_is_spoken_of_and_the_cache_serves()
    {
        _cache.Keep(_images);
        var others = Path.Combine(_work.Root, "others");
        SmallImages.WriteFolder(others, seed: 9);

        Assert.Equal(_images.ContentHash, (await Node(() => others).FindAsync(Wanted, default))?.ContentHash);
        Assert.StartsWith($"The images in {others} are not those of the run (content {_images.ContentHash}, found ", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_that_does_not_exist_is_spoken_of_and_the_cache_serves()
    {
        _cache.Keep(_images);
        var node = Node(() => throw new UsageException("the data folder 'gone' does not exist"));

        Assert.Equal(_images.ContentHash, (await node.FindAsync(Wanted, default))?.ContentHash);
        Assert.Equal("The images of this node's folder are not used: the data folder 'gone' does not exist", Assert.Single(_log));
    }

    [Fact]
    public async Task Without_folder_and_cache_nothing_is_found_and_nothing_said()
    {
        Assert.Null(await Node(() => null).FindAsync(Wanted, default));
        Assert.Empty(_log);
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_spoken_of_and_the_images_are_used_as_long_as_the_node_lives()
    {
        await File.WriteAllTextAsync(_cache.Directory, "a file where the folder should be");
        var node = Node(() => null);
        await node.KeepAsync(_images, default);

        Assert.Same(_images, await node.FindAsync(Wanted, default));
        Assert.StartsWith($"The images could not be kept in {_cache.Directory}, so that this node fetches them again", Assert.Single(_log), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_set_that_neither_folder_nor_cache_has_does_not_push_out_the_one_that_is_at_hand()
    {
        await File.WriteAllTextAsync(_cache.Directory, "a file where the folder should be");
        var node = Node(() => null);
        await node.KeepAsync(_images, default);
        Assert.Null(await node.FindAsync(Wanted with { ContentHash = new string('0', 64) }, default));

        Assert.Same(_images, await node.FindAsync(Wanted, default));
    }

    [Fact]
    public async Task Images_that_are_mounted_after_they_were_looked_for_are_found_when_they_are_looked_for_again()
    {
        var mounted = Path.Combine(_work.Root, "mounted");
        var node = Node(() => Directory.Exists(mounted) ? mounted : null);
        Assert.Null(await node.FindAsync(Wanted, default));
        Directory.CreateDirectory(mounted);
        Assert.Null(await node.FindAsync(Wanted, default));
        Assert.ThrowsAny<Exception>(() => node.Load());
        foreach (var file in Directory.GetFiles(_work.Data)) File.Copy(file, Path.Combine(mounted, Path.GetFileName(file)));

        Assert.Equal(_images.ContentHash, (await node.FindAsync(Wanted, default))?.ContentHash);
        Assert.Equal(_images.ContentHash, node.Load().Training.ContentHash);
        Assert.StartsWith("The images of this node's folder are not used: ", Assert.Single(_log), StringComparison.Ordinal);
    }

    private NodeData Node(Func<string?> folder) => new(() => folder() is { } path ? new DataRequest(path, null) : null, _cache, _log.Add);
}
