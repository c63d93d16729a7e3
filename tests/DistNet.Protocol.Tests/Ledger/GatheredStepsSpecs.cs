namespace DistNet.Protocol.Tests;

public class GatheredStepsSpecs
{
    private readonly GatheredSteps _steps = new();

    public GatheredStepsSpecs() => _steps.Begin(new ShardsRestored(new Generation(3), 5, 2, "a test"));

    [Fact]
    public void Steps_that_are_repeated_are_gathered_once()
    {
        Assert.True(_steps.Add(Report(0, 5, 6)));
        Assert.True(_steps.Add(Report(0, 5, 6, 7)));

        Assert.Equal([5, 6, 7], Assert.Single(_steps.Take()).Steps.Select(step => step.Version));
    }

    [Fact]
    public void Steps_after_a_gap_are_not_gathered()
    {
        Assert.False(_steps.Add(Report(0, 6, 7)));

        Assert.Empty(_steps.Take());
    }

    [Fact]
    public void Steps_that_were_taken_to_be_written_are_not_gathered_again()
    {
        _steps.Add(Report(1, 5, 6));
        _steps.Take();

        Assert.True(_steps.Add(Report(1, 5, 6)));
        Assert.Empty(_steps.Take());
    }

    [Fact]
    public void The_version_is_what_every_shard_has_reported()
    {
        _steps.Add(Report(0, 5, 6, 7));
        _steps.Add(Report(1, 5));

        Assert.Equal(6, _steps.Version);
    }

    [Fact]
    public void Shards_that_are_restored_begin_anew_and_with_another_number()
    {
        _steps.Add(Report(0, 5, 6, 7));
        _steps.Begin(new ShardsRestored(new Generation(4), 2, 1, "a test"));

        Assert.True(_steps.IsOf(new Generation(4), shard: 0));
        Assert.False(_steps.IsOf(new Generation(3), shard: 0));
        Assert.False(_steps.IsOf(new Generation(4), shard: 2));
        Assert.Equal(2, _steps.Version);
        Assert.Empty(_steps.Take());
    }

    private static StepsRecorded Report(int shard, params long[] versions) =>
        new(shard, [.. versions.Select(version => new StepRecord(version, new Generation(3), [], 0, 0))]);
}
