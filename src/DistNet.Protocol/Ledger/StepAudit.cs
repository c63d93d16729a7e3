namespace DistNet.Protocol;

/// <summary>Checks one shard's record of one step: every micro-batch once, by workers that held leases then.</summary>
/// <param name="workers">Names for the sentences.</param>
/// <param name="generations">All generations opened, in order.</param>
/// <param name="report">Hears of each violation.</param>
internal sealed class StepAudit(WorkerTable workers, IReadOnlyList<GenerationOpened> generations, Action<string> report)
{
    /// <summary>Checks a record.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="step">Its record.</param>
    /// <param name="since">The generation in which the shard began the step: its sums cannot be older.</param>
    /// <param name="counts">How often each micro-batch was counted; overwritten.</param>
    public void Check(int shard, StepRecord step, Generation since, int[] counts)
    {
        Array.Clear(counts);
        string where = $"Step {step.Version + 1}, parameter shard {shard}:";
        foreach (SumRecord sum in step.Sums)
        {
            CheckWorker(where, sum, since, step.Generation);
            if (sum.Node.First < 0 || sum.Node.Count < 1 || sum.Node.First > counts.Length - sum.Node.Count)
                report($"{where} there are micro-batches 0 to {counts.Length - 1}, but {Name(sum.Worker)} is said to have computed {sum.Node.Count} from {sum.Node.First} on.");
            else
                Count(where, step, sum, counts);
        }
        if (Array.IndexOf(counts, 0) is >= 0 and var missing)
            report($"{where} micro-batch {missing} is missing{Others(counts.Count(count => count == 0) - 1)}.");
    }

    private void Count(string where, StepRecord step, SumRecord sum, int[] counts)
    {
        if (!ReductionTree.Contains(counts.Length, sum.Node))
            report($"{where} micro-batches {sum.Node} of {Name(sum.Worker)} are no node of the tree over {counts.Length}.");
        for (int microBatch = sum.Node.First; microBatch < sum.Node.End; microBatch++)
            if (++counts[microBatch] == 2)
                report($"{where} micro-batch {microBatch} was counted twice, by {Counters(step, microBatch)}.");
    }

    private void CheckWorker(string where, SumRecord sum, Generation since, Generation until)
    {
        bool held = (uint)sum.Worker < (uint)workers.Addresses.Count && generations.Any(opened =>
            since <= opened.Generation && opened.Generation <= until && opened.Workers.Contains(workers.Addresses[sum.Worker]));
        if (!held)
            report($"{where} micro-batches {sum.Node} are from {Name(sum.Worker)}, which held no lease in generation {Range(since, until)}.");
    }

    private string Counters(StepRecord step, int microBatch) => string.Join(" and ", step.Sums
        .Where(sum => sum.Node.First <= microBatch && microBatch < sum.Node.End)
        .Select(sum => Name(sum.Worker)));

    private string Name(int worker) => (uint)worker < (uint)workers.Addresses.Count ? workers.Addresses[worker] : $"unknown worker {worker}";

    private static string Others(int count) => count > 0 ? $", and {count} more" : "";

    private static string Range(Generation since, Generation until) => since == until ? $"{until.Number}" : $"{since.Number} to {until.Number}";
}
