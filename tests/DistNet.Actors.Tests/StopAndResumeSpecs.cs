using DistNet.Neural;

namespace DistNet.Actors.Tests;

public class StopAndResumeSpecs
{
    private readonly TrainingSpec _spec = Runs.Spec with { ValidationFraction = 0.2, Optimizer = OptimizerSpec.Parse("adam") };
    private readonly TrainingSpec _long = Runs.Spec with { ValidationFraction = 0.2, Optimizer = OptimizerSpec.Parse("adam"), Epochs = 300 };
    private readonly MemoryStore _store = new();

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0, 5)]
    [InlineData(1, 4)]
    [InlineData(3, 7)]
    public async Task A_run_stopped_in_mid_epoch_and_resumed_by_others_has_the_bits_and_the_history_of_one_that_was_not(int checkpointEvery, int gathering)
    {
        Checkpoint stopped = await Stop(checkpointEvery, gathering);
        Recorder recorder = new();
        TrainingResult resumed = await Runs.Through(3, 1, Runs.Job(_long) with { ResumeFrom = stopped }, recorder);
        TrainingResult uninterrupted = Runs.Plain(Runs.Job(_long));

        Assert.Equal(uninterrupted.Parameters, resumed.Parameters);
        Assert.Equal(uninterrupted.History, resumed.History);
        Assert.Equal(uninterrupted.History.Skip(stopped.History.Count), recorder.Epochs);
        Assert.Equal((uninterrupted.Version, uninterrupted.Examples, TrainingEnd.Completed), (resumed.Version, resumed.Examples, resumed.End));
    }

    [Theory]
    [InlineData(0, 5)]
    [InlineData(1, 4)]
    public async Task The_plain_trainer_goes_on_where_the_actors_stopped(int checkpointEvery, int gathering)
    {
        Checkpoint stopped = await Stop(checkpointEvery, gathering);

        TrainingResult resumed = Runs.Plain(Runs.Job(_long) with { ResumeFrom = stopped });

        Assert.Equal(Runs.Plain(Runs.Job(_long)).Parameters, resumed.Parameters);
        Assert.Equal(Runs.Plain(Runs.Job(_long)).History, resumed.History);
    }

    [Fact]
    public async Task The_actors_go_on_where_the_plain_trainer_stopped()
    {
        using CancellationTokenSource stop = new();
        Recorder recorder = new() { Then = progress => { if (progress.Version == 5) stop.Cancel(); } };
        Trainer.Train(Runs.Job(_spec) with { Checkpoints = _store }, recorder, TimeProvider.System, stop.Token);
        Assert.Equal(5, _store.Saved[^1].Version);

        TrainingResult resumed = await Runs.Through(2, 2, Runs.Job(_spec) with { ResumeFrom = _store.Saved[^1] });

        Assert.Equal(Runs.Plain(Runs.Job(_spec)).Parameters, resumed.Parameters);
        Assert.Equal(Runs.Plain(Runs.Job(_spec)).History, resumed.History);
    }

    [Fact]
    public async Task A_run_that_is_stopped_again_and_again_gets_there()
    {
        Checkpoint? from = null;
        int sessions = 0;
        for (TrainingEnd end = TrainingEnd.Interrupted; end == TrainingEnd.Interrupted; sessions++)
        {
            using CancellationTokenSource stop = new();
            Recorder recorder = new() { ThenCheckpoint = _ => stop.Cancel() };
            TrainingResult result = await Runs.Through(1 + sessions % 3, 1 + sessions % 2, Runs.Job(_spec) with { ResumeFrom = from, Checkpoints = _store, CheckpointEvery = 1 }, recorder, stop.Token);
            (from, end) = (_store.Saved[^1], result.End);
        }

        Assert.InRange(sessions, 3, 9); // of nine steps; each session makes one to three before it stops
        Assert.Equal(Runs.Plain(Runs.Job(_spec)).Parameters, from!.Parameters);
        Assert.Equal(Runs.Plain(Runs.Job(_spec)).History, from.History);
    }

    [Fact]
    public async Task A_run_that_was_asked_to_stop_before_it_began_ends_with_the_initial_parameters()
    {
        TrainingResult result = await Runs.Through(2, 2, Runs.Job(_spec) with { Checkpoints = _store }, stop: new CancellationToken(canceled: true));

        Assert.Equal((TrainingEnd.Interrupted, 0L, 0L), (result.End, result.Version, result.Examples));
        Assert.Equal(ParameterInitializer.Create(_spec.Network, _spec.Seed), result.Parameters);
        Assert.Equal(Runs.Plain(Runs.Job(_spec)).Parameters, (await Runs.Through(1, 1, Runs.Job(_spec) with { ResumeFrom = Assert.Single(_store.Saved) })).Parameters);
    }

    [Fact]
    public async Task A_finished_run_that_is_resumed_is_finished_at_once()
    {
        TrainingResult finished = await Runs.Through(2, 2, Runs.Job(_spec) with { Checkpoints = _store });
        TrainingResult resumed = await Runs.Through(2, 2, Runs.Job(_spec) with { ResumeFrom = _store.Saved[^1] });

        Assert.Equal(finished.Parameters, resumed.Parameters);
        Assert.Equal(finished.History, resumed.History);
        Assert.Equal((TrainingEnd.Completed, finished.Version, 0L), (resumed.End, resumed.Version, resumed.ExamplesThisSession));
    }

    // So long that it cannot be over before the stop arrives, however late that is.
    private async Task<Checkpoint> Stop(int checkpointEvery, int gathering)
    {
        using CancellationTokenSource stop = new();
        EventfulExamples examples = new(new Doodles(100));
        examples.Before[gathering] = stop.Cancel;
        TrainingJob job = Runs.Job(_long, examples) with { Checkpoints = _store, CheckpointEvery = checkpointEvery };
        TrainingResult result = await Runs.Through(2, 2, job, stop: stop.Token);

        Assert.Equal(TrainingEnd.Interrupted, result.End);
        Assert.Equal(result.Version, _store.Saved[^1].Version);
        Assert.Equal(result.Parameters, _store.Saved[^1].Parameters);
        return _store.Saved[^1];
    }
}
