using DistNet.Neural;

namespace DistNet;

/// <summary>The step of an epoch that takes an example, and its micro-batches.</summary>
/// <param name="Example">The example.</param>
/// <param name="Version">The version the step begins from.</param>
/// <param name="Examples">The mini-batch, in its order.</param>
/// <param name="MicroBatchSize">Examples of a micro-batch; the last may have fewer.</param>
internal sealed record TracedStep(int Example, long Version, int[] Examples, int MicroBatchSize)
{
    /// <summary>Micro-batches of the step.</summary>
    public int MicroBatches => ((Examples.Length - 1) / MicroBatchSize) + 1;

    /// <summary>The example's micro-batch.</summary>
    public int MicroBatch => Array.IndexOf(Examples, Example) / MicroBatchSize;

    /// <summary>Finds the step.</summary>
    public static TracedStep Of(TrainingSpec spec, RunPlan plan, int example, int epoch)
    {
        var order = ExampleOrder.ForEpoch(plan.TrainingExampleCount, spec.Seed, epoch);
        var version = ((long)(epoch - 1) * plan.StepsPerEpoch) + (Array.IndexOf(order, example) / spec.BatchSize);
        var batch = plan.Batch(version);
        return new TracedStep(example, version, order[batch.First..(batch.First + batch.Count)], spec.MicroBatchSize);
    }

    /// <summary>Where a micro-batch lies in <see cref="Examples"/>.</summary>
    public Range PartOf(int microBatch) => (microBatch * MicroBatchSize)..Math.Min((microBatch + 1) * MicroBatchSize, Examples.Length);
}
