using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>A run's state machine with two parameter shards, fed by hand: each call is one event, and returns what the machine wants done.</summary>
internal sealed class RunOnPaper
{
    private readonly RunState _state;

    public RunOnPaper(TrainingSpec? spec = null, int checkpointEvery = 0, int workers = 2, int newestGeneration = 0, bool membersReturn = false)
    {
        RunPlan plan = Paper.Plan(spec);
        RunSettings settings = new()
        {
            Workers = workers,
            ParameterShards = 2,
            JoinDeadline = Paper.Seconds(30),
            StepDeadline = Paper.Seconds(10),
            NewestGeneration = Paper.Generation(newestGeneration),
            IsTakenOver = newestGeneration > 0,
            MembersReturn = membersReturn,
            LongestTick = TimeSpan.FromHours(1),
        };
        _state = new RunState(spec ?? Paper.Spec, plan, new SnapshotPlan(plan, spec ?? Paper.Spec, checkpointEvery), settings, TimeSpan.Zero);
    }

    /// <summary>The time that events are given.</summary>
    public TimeSpan Now { get; set; }

    public RunState State => _state;

    public Generation Generation => _state.Generation;

    public IReadOnlyList<RunEffect> Join(string worker) => _state.WorkerRegistered(worker, Now);

    public IReadOnlyList<RunEffect> Lose(string worker) => _state.WorkerLost(worker, Now);

    public IReadOnlyList<RunEffect> JoinShard(int shard) => _state.ShardRegistered(shard, $"shard-{shard}", Now);

    /// <summary>Two workers and two shards come.</summary>
    public IReadOnlyList<RunEffect> Gather() => [.. Join("a"), .. Join("b"), .. JoinShard(0), .. JoinShard(1)];

    public IReadOnlyList<RunEffect> Load(long version = 0, int epochs = 0, Generation? generation = null) =>
        _state.CheckpointLoaded(generation ?? Generation, version, [.. Enumerable.Range(1, epochs).Select(Report)], Now);

    /// <summary>Everybody comes and the run begins at version 0.</summary>
    public IReadOnlyList<RunEffect> Begin() => [.. Gather(), .. Load()];

    /// <summary>A shard reports a version; the epoch's loss is the version.</summary>
    public IReadOnlyList<RunEffect> Reach(int shard, long version, Generation? generation = null) =>
        _state.StepsReached(generation ?? Generation, shard, version, Paper.Statistics((int)version), Now);

    public IReadOnlyList<RunEffect> ReachBoth(long version) => [.. Reach(0, version), .. Reach(1, version)];

    public IReadOnlyList<RunEffect> Piece(int shard, long version, Generation? generation = null) =>
        _state.SnapshotArrived(generation ?? Generation, shard, version, Now);

    /// <summary>Both shards reach a version and hand over its snapshot.</summary>
    public IReadOnlyList<RunEffect> Snapshot(long version) => [.. ReachBoth(version), .. Piece(0, version), .. Piece(1, version)];

    public IReadOnlyList<RunEffect> Evaluated(long version, double loss, Generation? generation = null) =>
        _state.Evaluated(generation ?? RestoredAt, version, new LossStatistics(loss, 0, 1));

    public IReadOnlyList<RunEffect> Saved(long version, Generation? generation = null) =>
        _state.CheckpointSaved(generation ?? RestoredAt, version, Now);

    public IReadOnlyList<RunEffect> Stop() => _state.StopRequested(Now);

    public IReadOnlyList<RunEffect> Held(int shard, long version, Generation? generation = null) =>
        _state.Held(generation ?? Generation, shard, version, Now);

    public IReadOnlyList<RunEffect> Missing(int shard, long version, int microBatch, Generation? generation = null) =>
        _state.MissingReported(generation ?? Generation, shard, version, microBatch, Now);

    public IReadOnlyList<RunEffect> TickAfter(double seconds)
    {
        Now += Paper.Seconds(seconds);
        return _state.Tick(Now);
    }

    public IReadOnlyList<RunEffect> Refuse(long version, Generation? generation = null) =>
        _state.StepRefused(generation ?? Generation, version, "dense_0/kernel", "a");

    /// <summary>The generation under which the shards got their state; set by the tests that move on from it.</summary>
    public Generation RestoredAt { get; set; } = new(1);

    /// <summary>The report of an epoch without validation as <see cref="Reach"/> makes it.</summary>
    public static EpochReport Report(int epoch) => new(epoch, Paper.Statistics(epoch * 4), null);
}

/// <summary>Looks for effects.</summary>
internal static class Effects
{
    public static T Only<T>(this IEnumerable<RunEffect> effects)
        where T : RunEffect => Assert.Single(effects.OfType<T>());

    public static string Names(this IEnumerable<RunEffect> effects) => string.Join(", ", effects.Select(e => e.GetType().Name));
}
