namespace DistNet.Neural.Tests;

public sealed class RunListSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _time = new(new DateTimeOffset(2026, 11, 24, 2, 55, 12, TimeSpan.Zero));

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Without_a_folder_there_are_no_runs() => Assert.Empty(RunFolder.List(_folder.File("none")));

    [Fact]
    public void Runs_are_listed_oldest_first_and_those_of_one_second_by_number()
    {
        for (var i = 0; i < 11; i++)
            Create();
        _time.Now -= TimeSpan.FromHours(1);
        Create();
        Assert.Equal(
            ["20261124-015512", "20261124-025512", "20261124-025512-2", "20261124-025512-3"],
            List().Take(4).Select(run => run.Id));
        Assert.Equal("20261124-025512-11", List()[^1].Id);
    }

    [Fact]
    public void A_line_says_what_the_run_is_and_how_it_ended()
    {
        var run = Create();
        var listed = Assert.Single(List());
        Assert.Equal((run.Id, run.Path, run.Description, (RunResult?)null, (string?)null), (listed.Id, listed.Path, listed.Description, listed.Result, listed.Damage));
        run.WriteResult(Samples.Result(run.Id));
        Assert.Equal(Samples.Result(run.Id), Assert.Single(List()).Result);
    }

    [Fact]
    public void A_damaged_run_shows_as_damaged_and_hides_no_other()
    {
        var damaged = Create();
        Create();
        File.WriteAllText(Path.Combine(damaged.Path, "run.json"), "{\"formatVersion\":1");
        Assert.StartsWith($"{Path.Combine(damaged.Path, "run.json")} cannot be used: expected JSON, found ", List()[0].Damage, StringComparison.Ordinal);
        Assert.Null(List()[0].Description);
        Assert.Null(List()[1].Damage);
    }

    [Fact]
    public void A_run_without_a_description_shows_as_damaged()
    {
        var run = Create();
        File.Delete(Path.Combine(run.Path, "run.json"));
        Assert.NotNull(Assert.Single(List()).Damage);
    }

    [Fact]
    public void A_damaged_result_leaves_the_description()
    {
        var run = Create();
        File.WriteAllText(Path.Combine(run.Path, "result.json"), "{}");
        var listed = Assert.Single(List());
        Assert.Equal(run.Description, listed.Description);
        Assert.Contains("expected a field 'run', found none;", listed.Damage, StringComparison.Ordinal);
    }

    [Fact]
    public void A_run_that_was_renamed_is_listed_by_when_it_began()
    {
        var best = Create();
        Directory.Move(best.Path, _folder.File("best"));
        _time.Now += TimeSpan.FromHours(1);
        Create();
        Assert.Equal(["best", "20261124-035512"], List().Select(run => run.Id));
    }

    [Theory]
    [InlineData(".new-abc")]
    [InlineData("notes")]
    [InlineData("20261124-025512x")]
    [InlineData("20261399-025512")]
    public void Other_folders_are_no_runs(string name)
    {
        Directory.CreateDirectory(_folder.File(name));
        Assert.Empty(List());
    }

    private RunFolder Create() => RunFolder.Create(_folder.Path, Samples.Spec(), Samples.Data, Samples.Engine, _time);

    private IReadOnlyList<RunSummary> List() => RunFolder.List(_folder.Path);
}
