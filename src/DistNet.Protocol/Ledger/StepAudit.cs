namespace DistNet.Protocol;

/// <summary>
/// Checks one shard's record of one step: every micro-batch once, by workers that held leases then, those very ones or, where they helped, others.
/// </summary>
/// <param name="workers">Names for the sentences.</param>
/// <param name="generations">All generations opened, in order.</param>
/// <param name="report">Hears of each violation.</param>
internal sealed class StepAudit(WorkerTable workers, IReadOnlyList<GenerationOpened> generations, Action<string> report)
{
    /// <summary>Micro-batches in the records checked so far that were computed by others than the holders of their leases.</summary>
    public long Helped { get; private set; }

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
            CheckWorker(where, sum, since, step.Generation, counts.Length);
            if (sum.Node.First < 0 || sum.Node.Count < 1 || sum.Node.First > counts.Length - sum.Node.Count)
                report(
                    $"{where} there are micro-batches 0 to {counts.Length - 1}, "
                    + $"but {Name(sum.Worker)} is said to have computed {sum.Node.Count} from {sum.Node.First} on.");
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

    // A sum that a node added from several workers stands under the first one's name: its first micro-batch tells whose share it was.
    private void CheckWorker(string where, SumRecord sum, Generation since, Generation until, int microBatchCount)
    {
        bool isMember = false, isHolder = false;
        foreach (GenerationOpened opened in generations.Where(opened => since <= opened.Generation && opened.Generation <= until))
        {
            int index = (uint)sum.Worker < (uint)workers.Addresses.Count ? Array.IndexOf(opened.Workers, workers.Addresses[sum.Worker]) : -1;
            isMember |= index >= 0;
            isHolder |= index >= 0 && new Lease(index, opened.Workers.Length).Holds(sum.Node.First, microBatchCount);
        }
        if (!isMember)
            report($"{where} micro-batches {sum.Node} are from {Name(sum.Worker)}, which held no lease in generation {Range(since, until)}.");
        else if (!isHolder)
            Helped += sum.Node.Count;
    }

    private string Counters(StepRecord step, int microBatch) => string.Join(" and ", step.Sums
        .Where(sum => sum.Node.First <= microBatch && microBatch < sum.Node.End)
        .Select(sum => Name(sum.Worker)));

    private string Name(int worker) => (uint)worker < (uint)workers.Addresses.Count ? workers.Addresses[worker] : $"unknown worker {worker}";

    private static string Others(int count) => count > 0 ? $", and {count} more" : "";

    private static string Range(Generation since, Generation until) => since == until ? $"{until.Number}" : $"{since.Number} to {until.Number}";
}
