using DistNet.Neural;

namespace DistNet.Actors.Tests;

/// <summary>Short runs, through the actors and without them.</summary>
internal static class Runs
{
    /// <summary>100 examples in mini-batches of 32 and a tail of 4: four steps an epoch, eight micro-batches a step, one in the last.</summary>
    public static TrainingSpec Spec => new()
    {
        Network = NetworkSpec.WithInputs(20).Dense(17, Activation.Relu).Dense(3, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse("rmsprop"),
        Epochs = 3,
        BatchSize = 32,
        MicroBatchSize = 4,
    };

    /// <summary>The same with a hidden layer that drops units: whoever computes an example must drop the same ones.</summary>
    public static TrainingSpec Dropping => Spec with
    {
        Network = NetworkSpec.WithInputs(20).Dense(17, Activation.Relu).Dropout(0.3f).Dense(3, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
    };

    /// <summary>How long a test waits for what should come at once: a hang becomes a failure.</summary>
    public static TimeSpan Patience => TimeSpan.FromMinutes(1);

    public static TrainingJob Job(TrainingSpec? spec = null, IExampleSet? examples = null) =>
        new() { Spec = spec ?? Spec, Examples = examples ?? new Doodles(100) };

    public static TrainingResult Plain(TrainingJob job) => Trainer.Train(job, new Recorder(), TimeProvider.System, CancellationToken.None);

    public static async Task<TrainingResult> Through(int workers, int shards, TrainingJob job, Recorder? recorder = null, CancellationToken stop = default)
    {
        await using ActorTrainer trainer = new(new ActorTrainerOptions { Workers = workers, ParameterShards = shards });
        return await trainer.TrainAsync(job, recorder ?? new Recorder(), TimeProvider.System, stop).WaitAsync(Patience, CancellationToken.None);
    }
}

/// <summary>Remembers what a run reported.</summary>
internal sealed class Recorder : ITrainingObserver
{
    public List<TrainingProgress> Progress { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public List<long> Checkpoints { get; } = [];

    /// <summary>Called after each report of progress.</summary>
    public Action<TrainingProgress>? Then { get; init; }

    public void OnProgress(TrainingProgress progress)
    {
        Progress.Add(progress);
        Then?.Invoke(progress);
    }

    public void OnEpoch(EpochReport report) => Epochs.Add(report);

    /// <summary>Called after each checkpoint.</summary>
    public Action<long>? ThenCheckpoint { get; init; }

    public void OnCheckpoint(long version, string path)
    {
        Checkpoints.Add(version);
        ThenCheckpoint?.Invoke(version);
    }
}

/// <summary>Keeps checkpoints in memory.</summary>
internal sealed class MemoryStore : ICheckpointStore
{
    public List<Checkpoint> Saved { get; } = [];

    /// <summary>What happens while a checkpoint of this version is being saved.</summary>
    public Action<long> WhileSaving { get; set; } = _ => { };

    public string Save(Checkpoint checkpoint)
    {
        Saved.Add(checkpoint with
        {
            Parameters = [.. checkpoint.Parameters],
            Slots = checkpoint.Slots.ToDictionary(slot => slot.Key, slot => slot.Value.ToArray()),
        });
        WhileSaving(checkpoint.Version);
        return $"memory:{checkpoint.Version}";
    }

    public Checkpoint? LoadLatest() => Saved.Count == 0 ? null : Saved[^1];
}
