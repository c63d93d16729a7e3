using Akka.Actor;
using DistNet.Neural;

namespace DistNet.Actors.Tests;

public class CrashSpecs
{
    private readonly TrainingResult _plain = Runs.Plain(Runs.Job());
    private readonly EventfulExamples _examples = new(new Doodles(100));
    private readonly List<string> _log = [];

    // Of the run under way.
    private Action<string> _kill = _ => { };

    [Theory]
    [InlineData(2, 2, 0, 1)]
    [InlineData(2, 2, 1, 8)]
    [InlineData(3, 1, 3, 5)]
    [InlineData(1, 2, 0, 6)]
    [InlineData(3, 2, 1, 2, 6, 9, 14)]
    public async Task A_worker_killed_in_mid_run_comes_back_and_no_bit_differs(int workers, int shards, int checkpointEvery, params int[] gatherings)
    {
        await Survives(workers, shards, checkpointEvery, gatherings, i => $"/user/node/worker-{i % workers}");
    }

    [Theory]
    [InlineData(2, 2, 0, 1)]
    [InlineData(2, 2, 0, 11)]
    [InlineData(2, 2, 1, 8)]
    [InlineData(3, 1, 3, 9)]
    [InlineData(1, 3, 3, 4, 9)]
    [InlineData(2, 2, 0, 3, 14, 20)]
    [InlineData(2, 3, 1, 2, 7, 13, 15)]
    public async Task A_parameter_shard_killed_in_mid_run_goes_back_to_the_checkpoint_and_no_bit_differs(int workers, int shards, int checkpointEvery, params int[] gatherings)
    {
        await Survives(workers, shards, checkpointEvery, gatherings, i => $"/user/node/parameter-server/shard-{i % shards}");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Workers_and_shards_killed_by_turns_with_validation_leave_the_bits_and_the_history_alone(int checkpointEvery)
    {
        TrainingSpec spec = Runs.Spec with { ValidationFraction = 0.2 };
        TrainingResult plain = Runs.Plain(Runs.Job(spec));
        TrainingResult result = await Survives(
            2, 2, checkpointEvery, [2, 5, 9, 12], i => i % 2 == 0 ? "/user/node/parameter-server/shard-1" : "/user/node/worker-0", spec);

        Assert.Equal(plain.History, result.History);
    }

    [Fact]
    public async Task A_shard_killed_without_a_checkpoint_store_goes_back_to_the_snapshot_in_memory()
    {
        _examples.Before[9] = () => _kill("/user/node/parameter-server/shard-0");
        TrainingResult result = await Run(2, 2, Runs.Job(examples: _examples) with { CheckpointEvery = 1 });

        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Single(_log, line => line.Contains("shard-0: Kill", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_that_fail_once_to_be_read_cost_a_restart_and_no_bit()
    {
        _examples.Before[6] = () => throw new IOException("The disk was away for a moment.");
        TrainingResult result = await Run(2, 2, Runs.Job(examples: _examples));

        Assert.Equal(_plain.Parameters, result.Parameters);
        Assert.Single(_log, line => line.Contains("away for a moment", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Data_that_always_fail_to_be_read_end_the_run_when_no_worker_is_left()
    {
        for (int i = 1; i < 100; i++)
            _examples.Before[i] = () => throw new IOException("The disk is gone.");
        TrainingFailedException failure = await Assert.ThrowsAsync<TrainingFailedException>(() => Run(2, 2, Runs.Job(examples: _examples)));

        Assert.Contains("nobody left", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shard_that_crashes_again_and_again_ends_the_run_by_name()
    {
        for (int i = 1; i < 100; i++)
            _examples.Before[i] = () => _kill("/user/node/parameter-server/shard-1");
        TrainingFailedException failure = await Assert.ThrowsAsync<TrainingFailedException>(() => Run(1, 2, Runs.Job(examples: _examples)));

        Assert.Equal("Parameter shard 1 of 2 is lost: it crashed again and again.", failure.Message);
    }

    [Fact]
    public async Task A_coordinator_that_is_killed_ends_the_run_instead_of_leaving_it_waiting()
    {
        _examples.Before[3] = () => _kill("/user/coordinator");

        await Assert.ThrowsAsync<TrainingFailedException>(() => Run(2, 2, Runs.Job(examples: _examples)));
    }

    private async Task<TrainingResult> Survives(int workers, int shards, int checkpointEvery, int[] gatherings, Func<int, string> victim, TrainingSpec? spec = null)
    {
        for (int i = 0; i < gatherings.Length; i++)
        {
            string path = victim(i);
            _examples.Before[gatherings[i]] = () => _kill(path);
        }
        MemoryStore store = new();
        TrainingJob job = Runs.Job(spec, _examples) with { Checkpoints = store, CheckpointEvery = checkpointEvery };
        Recorder recorder = new();
        TrainingResult result = await Run(workers, shards, job, recorder);

        TrainingResult plain = spec is null ? _plain : Runs.Plain(Runs.Job(spec));
        Assert.Equal(plain.Parameters, result.Parameters);
        Assert.Equal(plain.History, result.History);
        Assert.Equal(plain.History, recorder.Epochs);
        Assert.Equal(gatherings.Length, _log.Count(line => line.EndsWith(": Kill", StringComparison.Ordinal)));
        Assert.Equal(result.Parameters, store.Saved[^1].Parameters);
        return result;
    }

    private async Task<TrainingResult> Run(int workers, int shards, TrainingJob job, Recorder? recorder = null)
    {
        await using ActorTrainer trainer = new(new ActorTrainerOptions { Workers = workers, ParameterShards = shards, Log = _log.Add });
        ActorSystem system = await trainer.Started;
        _kill = path => system.ActorSelection(path).Tell(Kill.Instance);
        TrainingResult result = await trainer.TrainAsync(job, recorder ?? new Recorder(), TimeProvider.System, CancellationToken.None).WaitAsync(Runs.Patience);
        await system.ActorSelection("/user/log").Ask<ActorIdentity>(new Identify(0)); // all lines before this one are written
        return result;
    }
}
