namespace DistNet.Neural.Tests;

public sealed class CheckpointFolderSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly CheckpointFolder _checkpoints;

    public CheckpointFolderSpecs() => _checkpoints = new CheckpointFolder(_folder.File("checkpoints"));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void There_is_no_latest_before_the_first()
    {
        Assert.Null(_checkpoints.LoadLatest());
        Assert.Empty(_checkpoints.Paths);
    }

    [Fact]
    public void A_checkpoint_is_named_by_its_step()
    {
        var path = _checkpoints.Save(Samples.Checkpoint(469));
        Assert.Equal(Path.Combine(_folder.Path, "checkpoints", "step-00000469.safetensors"), path);
        Samples.AssertEqual(Samples.Checkpoint(469), _checkpoints.LoadLatest());
    }

    [Fact]
    public void The_latest_is_that_of_the_highest_step_even_beyond_eight_digits()
    {
        Save(99_999_999, 100_000_000);
        Assert.Equal(100_000_000, _checkpoints.LoadLatest()!.Version);
    }

    [Fact]
    public void The_newest_three_stay()
    {
        Save(1, 2, 3, 4, 5);
        Assert.Equal(["step-00000005.safetensors", "step-00000004.safetensors", "step-00000003.safetensors"], Names());
    }

    [Fact]
    public void A_damaged_one_is_passed_over_and_reported()
    {
        Save(1, 2, 3);
        Damage(3);
        Assert.Equal(2, _checkpoints.LoadLatest()!.Version);
        var damaged = Assert.Single(_checkpoints.Damaged);
        Assert.Equal(PathOf(3), damaged.Path);
        Assert.StartsWith($"{PathOf(3)} cannot be used: expected the SHA-256 ", damaged.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void If_all_are_damaged_there_is_none_and_all_are_reported()
    {
        Save(1, 2, 3);
        Damage(1, 2, 3);
        Assert.Null(_checkpoints.LoadLatest());
        Assert.Equal([PathOf(3), PathOf(2), PathOf(1)], _checkpoints.Damaged.Select(damaged => damaged.Path));
    }

    [Fact]
    public void Damaged_ones_do_not_crowd_out_what_a_resumed_run_saves()
    {
        Save(10, 20, 30);
        Damage(20, 30);
        Assert.Equal(10, _checkpoints.LoadLatest()!.Version);
        Save(12, 14);
        Assert.Equal(14, _checkpoints.LoadLatest()!.Version);
        Assert.Contains("step-00000012.safetensors", Names());
        Assert.Contains("step-00000010.safetensors", Names());
    }

    [Fact]
    public void The_newest_intact_file_is_never_one_that_was_passed_over()
    {
        Assert.Null(_checkpoints.NewestIntact);
        Save(10, 20, 30);
        Damage(30);
        _checkpoints.LoadLatest();
        Save(25);
        Assert.Equal(PathOf(25), _checkpoints.NewestIntact);
    }

    [Fact]
    public void Saving_a_damaged_step_again_heals_it()
    {
        Save(10, 20);
        Damage(20);
        _checkpoints.LoadLatest();
        Save(20);
        Assert.Empty(_checkpoints.Damaged);
        Assert.Equal(20, _checkpoints.LoadLatest()!.Version);
    }

    [Fact]
    public void Other_files_are_neither_read_nor_deleted()
    {
        Save(1);
        File.WriteAllText(_folder.File("checkpoints/step-x.safetensors"), "");
        File.WriteAllText(_folder.File("checkpoints/notes.txt"), "");
        Save(2, 3, 4);
        Assert.Equal(4, _checkpoints.LoadLatest()!.Version);
        Assert.Equal(5, Directory.GetFiles(_folder.File("checkpoints")).Length);
    }

    [Fact]
    public void What_a_crash_left_half_written_is_not_read_and_goes_with_the_next_save()
    {
        Save(1);
        File.WriteAllText(PathOf(2) + ".tmp", "half");
        Assert.Equal(1, _checkpoints.LoadLatest()!.Version);
        Save(3);
        Assert.False(File.Exists(PathOf(2) + ".tmp"));
    }

    [Fact]
    public void A_disk_that_cannot_be_written_is_an_IO_error_that_names_it()
    {
        File.WriteAllText(_folder.File("checkpoints"), "a file where the folder should be");
        var failure = Assert.ThrowsAny<IOException>(() => _checkpoints.Save(Samples.Checkpoint()));
        Assert.Contains(_folder.File("checkpoints"), failure.Message, StringComparison.Ordinal);
    }

    private string PathOf(int step) => _folder.File($"checkpoints/step-{step:D8}.safetensors");

    private IEnumerable<string> Names() => _checkpoints.Paths.Select(path => Path.GetFileName(path));

    private void Save(params int[] steps)
    {
        foreach (var step in steps)
            _checkpoints.Save(Samples.Checkpoint(step));
    }

    private void Damage(params int[] steps)
    {
        foreach (var path in steps.Select(PathOf))
        {
            var file = File.ReadAllBytes(path);
            file[^1] ^= 1;
            File.WriteAllBytes(path, file);
        }
    }
}
