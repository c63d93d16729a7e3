using System.Text.Json;

namespace DistNet.Neural.Tests;

public sealed class RunFolderSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly SetTime _time = new(new DateTimeOffset(2026, 11, 24, 3, 55, 12, TimeSpan.FromHours(1)));

    private string Runs => _folder.File("runs");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_run_is_named_by_the_second_it_began_in_UTC()
    {
        var run = Create();
        Assert.Equal("20261124-025512", run.Id);
        Assert.Equal(Path.Combine(Runs, "20261124-025512"), run.Path);
    }

    [Fact]
    public void Runs_of_one_second_are_numbered() =>
        Assert.Equal(["20261124-025512", "20261124-025512-2", "20261124-025512-3"], [Create().Id, Create().Id, Create().Id]);

    [Fact]
    public void Runs_that_begin_at_once_get_folders_of_their_own()
    {
        var ids = new string[24];
        Parallel.For(0, ids.Length, i => ids[i] = Create().Id);
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.Equal(ids.Length, Directory.GetFileSystemEntries(Runs).Length);
    }

    [Fact]
    public void What_a_run_is_can_be_read_from_its_folder()
    {
        var created = Create();
        var opened = RunFolder.Open(Runs, created.Id);
        Assert.Equal(created.Description, opened.Description);
        Assert.Equal((Samples.Spec(), Samples.Data, Samples.Engine, _time.Now), (opened.Description.Spec, opened.Description.Data, opened.Description.Engine, opened.Description.Created));
    }

    [Fact]
    public void A_run_opens_by_id_beginning_of_id_path_or_as_the_latest()
    {
        var first = Create();
        var second = Create();
        _time.Now += TimeSpan.FromDays(1);
        var third = Create();
        Assert.Equal(first.Path, RunFolder.Open(Runs, "20261124-025512").Path);
        Assert.Equal(second.Path, RunFolder.Open(Runs, "20261124-025512-").Path);
        Assert.Equal(third.Path, RunFolder.Open(Runs, "20261125").Path);
        Assert.Equal(third.Path, RunFolder.Open(Runs, "latest").Path);
        Assert.Equal(first.Path, RunFolder.Open("elsewhere", first.Path + Path.DirectorySeparatorChar).Path);
    }

    [Fact]
    public void A_run_that_does_not_exist_is_refused_in_a_sentence()
    {
        AssertNotFound("latest", $"There are no runs in {Runs}; train first, or name the folder that holds the runs.");
        Create();
        Create();
        AssertNotFound("2027", $"There is no run '2027' in {Runs}; the latest is 20261124-025512-2.");
        AssertNotFound("2026", $"The name '2026' fits 2 runs in {Runs}, 20261124-025512 to 20261124-025512-2; give more of the id.");
    }

    [Fact]
    public void Checkpoints_lie_in_the_runs_folder()
    {
        var run = Create();
        Assert.Null(run.LoadLatest());
        var path = run.Save(Samples.Checkpoint(469));
        Assert.Equal(Path.Combine(run.Path, "checkpoints", "step-00000469.safetensors"), path);
        Samples.AssertEqual(Samples.Checkpoint(469), RunFolder.Open(Runs, run.Id).LoadLatest());
        Assert.Empty(run.Checkpoints.Damaged);
    }

    [Fact]
    public void A_run_is_trained_by_one_process_at_a_time()
    {
        var run = Create();
        using (run.Claim())
        {
            var refusal = Assert.Throws<RunClaimedException>(() => RunFolder.Open(Runs, run.Id).Claim());
            Assert.Equal($"run {run.Id} is being trained by another process; wait for its end, or stop it", refusal.Message);
        }

        using var later = run.Claim();
    }

    [Fact]
    public void The_model_lies_in_the_runs_folder()
    {
        var run = Create();
        Assert.Equal(Path.Combine(run.Path, "model.safetensors"), run.SaveModel(Samples.Model()));
        Samples.AssertSameBits(Samples.Parameters, ModelFile.Read(run.ModelPath).Parameters);
    }

    [Fact]
    public void The_result_is_read_as_it_was_written()
    {
        var run = Create();
        Assert.Null(run.ReadResult());
        run.WriteResult(Samples.Result());
        Assert.Equal(Samples.Result(), run.ReadResult());
        run.WriteResult(Samples.Result() with { TestLoss = null, TestAccuracy = double.NaN, TrainLoss = null, Model = null });
        Assert.Equal(Samples.Result() with { TestLoss = null, TestAccuracy = double.NaN, TrainLoss = null, Model = null }, run.ReadResult());
    }

    [Fact]
    public void A_result_is_one_line_of_JSON_with_the_fields_that_scripts_know()
    {
        var json = Samples.Result().ToJson();
        Assert.DoesNotContain('\n', json);
        Assert.Equal(
            """{"run":"20261124-025512","engine":"actors","workers":2,"parameterShards":2,"nodes":1,"epochs":5,"steps":2345,"examples":300000,"trainSeconds":3.125,"examplesPerSecond":96000,"trainLoss":0.04,"testLoss":0.07,"testAccuracy":0.979,"weightsSha256":"ff","model":"runs/20261124-025512/model.safetensors"}""",
            json);
    }

    [Fact]
    public void The_description_is_JSON_that_people_can_read()
    {
        var text = File.ReadAllText(Path.Combine(Create().Path, "run.json"));
        using var json = JsonDocument.Parse(text);
        Assert.Equal("2026-11-24T02:55:12.0000000+00:00", json.RootElement.GetProperty("created").GetString());
        Assert.Equal("abc123", json.RootElement.GetProperty("data").GetProperty("contentHash").GetString());
        Assert.Equal(42, json.RootElement.GetProperty("spec").GetProperty("seed").GetInt32());
        Assert.Contains("\n  \"engine\": \"actors\",\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "expected JSON, found ")]
    [InlineData("[]", "expected a JSON object, found an array;")]
    [InlineData("{}", "expected a field 'formatVersion', found none;")]
    [InlineData("""{"formatVersion":2}""", "expected format version 1, found 2; read it with the version of DistNet that wrote it.")]
    [InlineData("""{"formatVersion":1,"created":"yesterday"}""", "as 'created', found 'yesterday';")]
    public void A_damaged_description_is_refused_with_its_path(string text, string sentence)
    {
        var run = Create();
        var path = Path.Combine(run.Path, "run.json");
        File.WriteAllText(path, text);
        var refusal = Assert.Throws<InvalidDataException>(() => RunFolder.Open(Runs, run.Id));
        Assert.StartsWith($"{path} cannot be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_folder_can_be_made_nothing_is_left()
    {
        File.WriteAllText(Runs, "a file where the folder should be");
        var failure = Assert.Throws<IOException>(Create);
        Assert.StartsWith($"No run can begin in {Runs}: ", failure.Message, StringComparison.Ordinal);
        Assert.Equal([Runs], Directory.GetFileSystemEntries(_folder.Path));
    }

    private RunFolder Create() => RunFolder.Create(Runs, Samples.Spec(), Samples.Data, Samples.Engine, _time);

    private void AssertNotFound(string run, string sentence) =>
        Assert.Equal(sentence, Assert.Throws<DirectoryNotFoundException>(() => RunFolder.Open(Runs, run)).Message);
}
