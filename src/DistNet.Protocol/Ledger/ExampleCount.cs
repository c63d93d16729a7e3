using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>Counts, for one epoch, how often each example entered a gradient: by the shard that counted it least and by the one that did so most.</summary>
internal sealed class ExampleCount(TrainingSpec spec, RunPlan plan, int epoch)
{
    // The epoch's permutation: which example is at which place.
    private readonly int[] _order = ExampleOrder.ForEpoch(plan.TrainingExampleCount, spec.Seed, epoch);
    private readonly int[] _least = new int[plan.TrainingExampleCount];
    private readonly int[] _most = new int[plan.TrainingExampleCount];

    /// <summary>Steps counted.</summary>
    public int Steps { get; private set; }

    /// <summary>Examples that every shard counted exactly once.</summary>
    public int ExactlyOnce => Enumerable.Range(0, _order.Length).Count(example => _least[example] == 1 && _most[example] == 1);

    /// <summary>Adds a step, given how often each shard counted each of its micro-batches.</summary>
    /// <param name="version">The version it began from.</param>
    /// <param name="shards">By shard, by micro-batch.</param>
    public void Add(long version, IReadOnlyList<int[]> shards)
    {
        Steps++;
        MiniBatch batch = plan.Batch(version);
        for (int place = 0; place < batch.Count; place++)
        {
            int microBatch = place / spec.MicroBatchSize, example = _order[batch.First + place];
            _least[example] += shards.Min(counts => counts[microBatch]);
            _most[example] += shards.Max(counts => counts[microBatch]);
        }
    }

    /// <summary>What is wrong with a complete epoch, or null.</summary>
    public string? Fault()
    {
        int wrong = Array.FindIndex(_order, example => _least[example] != 1 || _most[example] != 1);
        if (wrong < 0)
            return null;
        int first = _order[wrong], others = _order.Length - ExactlyOnce - 1;
        string times = _least[first] == _most[first] ? $"{_least[first]} times" : $"{_least[first]} to {_most[first]} times";
        return $"Epoch {epoch} counted example {first} {times}, not once{(others > 0 ? $", and {others} others likewise" : "")}.";
    }
}
