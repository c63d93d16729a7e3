using DistNet.Neural;

namespace DistNet;

/// <summary>What is measured, and for how long.</summary>
/// <param name="Spec">Network, optimizer and mini-batch.</param>
/// <param name="Workers">Of the largest engine.</param>
/// <param name="ParameterShards">Of the largest engine.</param>
/// <param name="Duration">Of each part, over all its rounds.</param>
internal sealed record BenchSettings(TrainingSpec Spec, int Workers, int ParameterShards, TimeSpan Duration)
{
    /// <summary>Sides are measured in turn this often, and the median counts, so that a disturbance meets all of them.</summary>
    public const int Rounds = 5;

    /// <summary>Whole training is steadier and starts anew each time: fewer, longer rounds.</summary>
    public const int TrainingRounds = 3;

    /// <summary>Of one part in one round.</summary>
    public TimeSpan RoundDuration => Duration / Rounds;

    /// <summary>Examples of one worker's share of a mini-batch, in whole micro-batches.</summary>
    public int Share
    {
        get
        {
            var microBatches = (Spec.BatchSize + Spec.MicroBatchSize - 1) / Spec.MicroBatchSize;
            return Math.Min(Spec.BatchSize, (microBatches + Workers - 1) / Workers * Spec.MicroBatchSize);
        }
    }
}
