namespace DistNet.Neural.Tests;

public sealed class AtomicFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("x");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void The_name_appears_only_when_the_content_is_whole()
    {
        AtomicFile.Write(FilePath, stream =>
        {
            stream.Write([1, 2]);
            stream.Flush();
            Assert.False(File.Exists(FilePath));
            stream.Write([3]);
        });
        Assert.Equal([1, 2, 3], File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void What_was_there_is_replaced()
    {
        File.WriteAllBytes(FilePath, [9, 9, 9]);
        AtomicFile.Write(FilePath, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(FilePath));
    }

    [Fact]
    public void A_write_that_fails_leaves_what_was_there_and_nothing_else()
    {
        File.WriteAllBytes(FilePath, [9]);
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(FilePath, stream =>
        {
            stream.Write(new byte[100_000]);
            throw new IOException("No space left on device");
        }));
        Assert.Equal($"{FilePath} could not be written: No space left on device", failure.Message);
        Assert.Equal([9], File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_full_disk_is_named_and_leaves_what_was_there()
    {
        const string fullDevice = "/dev/full"; // Linux: every write fails with ENOSPC
        if (!File.Exists(fullDevice))
            return;
        File.WriteAllBytes(FilePath, [9]);
        File.CreateSymbolicLink(FilePath + AtomicFile.TemporarySuffix, fullDevice);
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(FilePath, stream => stream.Write(new byte[100_000])));
        Assert.StartsWith($"{FilePath} could not be written: No space left on device", failure.Message, StringComparison.Ordinal);
        Assert.Equal([9], File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_caller_that_fails_leaves_nothing_either()
    {
        Assert.Throws<InvalidOperationException>(() => AtomicFile.Write(FilePath, _ => throw new InvalidOperationException()));
        Assert.Empty(Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_temporary_file_that_a_crash_left_is_written_over()
    {
        File.WriteAllBytes(FilePath + AtomicFile.TemporarySuffix, new byte[100]);
        AtomicFile.Write(FilePath, stream => stream.Write([1]));
        Assert.Equal([1], File.ReadAllBytes(FilePath));
        Assert.Equal([FilePath], Directory.GetFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_folder_that_is_missing_is_named()
    {
        var path = Path.Combine(_folder.Path, "none", "x");
        var failure = Assert.Throws<IOException>(() => AtomicFile.Write(path, _ => { }));
        Assert.StartsWith($"{path} could not be written: ", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_another_writer_has_open_is_left_to_it()
    {
        using var other = new FileStream(FilePath + AtomicFile.TemporarySuffix, FileMode.Create, FileAccess.Write, FileShare.None);
        Assert.Throws<IOException>(() => AtomicFile.Write(FilePath, _ => { }));
        Assert.True(File.Exists(FilePath + AtomicFile.TemporarySuffix));
    }
}
