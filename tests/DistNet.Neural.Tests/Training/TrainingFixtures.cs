using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace DistNet.Neural.Tests;

/// <summary>Keeps checkpoints in memory.</summary>
internal sealed class MemoryCheckpoints : ICheckpointStore
{
    public List<Checkpoint> Saved { get; } = [];

    public string Save(Checkpoint checkpoint)
    {
        Saved.Add(checkpoint);
        return $"memory/{checkpoint.Version}";
    }

    public Checkpoint? LoadLatest() => Saved.LastOrDefault();
}

/// <summary>Remembers what a run reported.</summary>
internal sealed class Recorder : ITrainingObserver
{
    public List<TrainingProgress> Steps { get; } = [];

    public List<EpochReport> Epochs { get; } = [];

    public List<long> Checkpoints { get; } = [];

    public Action<TrainingProgress> AfterStep { get; init; } = _ => { };

    public void OnProgress(TrainingProgress progress)
    {
        Steps.Add(progress);
        AfterStep(progress);
    }

    public void OnEpoch(EpochReport report) => Epochs.Add(report);

    public void OnCheckpoint(long version, string path) => Checkpoints.Add(version);
}

/// <summary>A second passes each time somebody looks.</summary>
internal sealed class CountingTime : TimeProvider
{
    private long _ticks;

    public override long TimestampFrequency => 1;

    public override long GetTimestamp() => _ticks++;
}

internal static class Runs
{
    public static TrainingSpec Small { get; } = new()
    {
        Network = NetworkSpec.WithInputs(6).Dense(9, Activation.Relu).Dense(4, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy),
        Optimizer = OptimizerSpec.Parse("rmsprop:learningRate=0.01"),
        Epochs = 3,
        BatchSize = 22,
        MicroBatchSize = 4,
        ValidationFraction = 0.1,
    };

    public static ArrayExamples SmallExamples { get; } = ArrayExamples.Clusters(90, 6, 4);

    public static TrainingResult Train(TrainingSpec spec, IExampleSet examples) =>
        Train(new TrainingJob { Spec = spec, Examples = examples });

    public static TrainingResult Train(TrainingJob job, Recorder? recorder = null, CancellationToken cancellationToken = default) =>
        Trainer.Train(job, recorder ?? new Recorder(), new CountingTime(), cancellationToken);

    public static string Sha256(float[] weights) => Convert.ToHexStringLower(SHA256.HashData(MemoryMarshal.AsBytes<float>(weights)));
}
