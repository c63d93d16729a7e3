using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>Goes through the steps that count, in order, and counts examples, workers and refusals.</summary>
internal sealed class CountedSteps(TrainingSpec spec, RunPlan plan, StepAudit audit, Action<string> report)
{
    private readonly SortedDictionary<int, ExampleCount> _epochs = [];
    private readonly Dictionary<int, long> _microBatchesOf = [];

    /// <summary>Sums that came a second time.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Sums that came too late.</summary>
    public long Stale { get; private set; }

    /// <summary>Micro-batches computed by others than the holders of their leases.</summary>
    public long Helped => audit.Helped;

    /// <summary>Adds the steps of a segment that count: from its beginning to <paramref name="end"/>.</summary>
    /// <param name="segment">The segment.</param>
    /// <param name="end">The version at which the next segment begins, or to which the audit goes.</param>
    /// <param name="isLast">Whether no segment follows: shards may then have made a step more than others.</param>
    /// <param name="isOver">Whether the run ended, so that they may not.</param>
    public void Add(LedgerSegment segment, long end, bool isLast, bool isOver)
    {
        Dictionary<long, StepRecord>[] shards = [.. segment.Shards.Select((steps, shard) => InOrder(shard, steps, segment.Restored.Version))];
        for (int shard = 0; shard < shards.Length; shard++)
        {
            ReportGaps(shard, shards[shard], segment.Restored.Version, end);
            if (isLast && isOver && shards[shard].Keys.Any(version => version >= end))
                report($"Parameter shard {shard} recorded step {shards[shard].Keys.Max() + 1}, but the run ended after step {end}.");
        }
        Generation[] since = [.. shards.Select(_ => segment.Restored.Generation)];
        for (long version = segment.Restored.Version; version < end; version++)
            AddStep(version, shards, since);
    }

    /// <summary>The epochs begun; complains of complete ones that did not count each example once.</summary>
    public IReadOnlyList<EpochAudit> Epochs()
    {
        List<EpochAudit> epochs = [];
        foreach ((int epoch, ExampleCount count) in _epochs)
        {
            bool isComplete = count.Steps == plan.StepsPerEpoch;
            epochs.Add(new EpochAudit(epoch, count.Steps, count.ExactlyOnce, isComplete));
            if (isComplete && count.Fault() is { } fault)
                report(fault);
        }
        return epochs;
    }

    /// <summary>The workers and what they computed.</summary>
    public IReadOnlyList<WorkerAudit> Workers(WorkerTable table) =>
        [.. table.Addresses.Select((address, number) => new WorkerAudit(address, _microBatchesOf.GetValueOrDefault(number)))];

    private Dictionary<long, StepRecord> InOrder(int shard, IReadOnlyList<StepRecord> steps, long first)
    {
        Dictionary<long, StepRecord> byVersion = [];
        long last = first - 1;
        foreach (StepRecord step in steps)
        {
            if (step.Version < first || step.Version >= plan.TotalSteps)
                report($"Parameter shard {shard} recorded step {step.Version + 1}, which was not to be made.");
            else if (!byVersion.TryAdd(step.Version, step))
                report($"Parameter shard {shard} recorded step {step.Version + 1} twice (generations {byVersion[step.Version].Generation.Number} and {step.Generation.Number}), but was not restored in between.");
            else if (step.Version < last)
                report($"Parameter shard {shard} recorded step {step.Version + 1} after step {last + 1}.");
            last = Math.Max(last, step.Version);
        }
        return byVersion;
    }

    private void ReportGaps(int shard, Dictionary<long, StepRecord> steps, long first, long end)
    {
        for (long version = first; version < end; version++)
        {
            long gap = version;
            while (version < end && !steps.ContainsKey(version))
                version++;
            if (version > gap)
                report(version - gap == 1
                    ? $"Parameter shard {shard} has no record of step {gap + 1}."
                    : $"Parameter shard {shard} has no record of steps {gap + 1} to {version}.");
        }
    }

    private void AddStep(long version, Dictionary<long, StepRecord>[] shards, Generation[] since)
    {
        int[][] counts = [.. shards.Select(_ => new int[plan.MicroBatchCount(version)])];
        for (int shard = 0; shard < shards.Length; shard++)
        {
            if (!shards[shard].TryGetValue(version, out StepRecord? step))
                continue;
            audit.Check(shard, step, since[shard], counts[shard]);
            since[shard] = step.Generation;
            Tally(step);
        }
        Epoch(plan.EpochOf(version)).Add(version, counts);
    }

    private void Tally(StepRecord step)
    {
        Duplicates += step.Duplicates;
        Stale += step.Stale;
        foreach (SumRecord sum in step.Sums)
            _microBatchesOf[sum.Worker] = _microBatchesOf.GetValueOrDefault(sum.Worker) + sum.Node.Count;
    }

    private ExampleCount Epoch(int epoch)
    {
        if (!_epochs.TryGetValue(epoch, out ExampleCount? count))
            _epochs[epoch] = count = new ExampleCount(spec, plan, epoch);
        return count;
    }
}
