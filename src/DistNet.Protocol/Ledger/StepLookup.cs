namespace DistNet.Protocol;

/// <summary>Who computed what of the steps that count, by a run's ledger.</summary>
public sealed class StepLookup
{
    // By shard and version: the records that count.
    private readonly Dictionary<(int Shard, long Version), StepRecord> _records = [];
    private readonly WorkerTable _workers = new();

    /// <summary>Reads a ledger.</summary>
    /// <param name="events">All events of one run, in order.</param>
    public StepLookup(IEnumerable<LedgerEvent> events)
    {
        ArgumentNullException.ThrowIfNull(events);
        foreach (LedgerEvent entry in events)
            Take(entry);
    }

    /// <summary>Parameter shards of the run, as they were last.</summary>
    public int ParameterShards { get; private set; }

    /// <summary>The address of the worker under whose name a micro-batch's sum reached a shard.</summary>
    /// <param name="shard">The shard.</param>
    /// <param name="version">The version the step began from.</param>
    /// <param name="microBatch">The micro-batch, from 0.</param>
    /// <returns>Null if the ledger does not tell.</returns>
    public string? WorkerOf(int shard, long version, int microBatch)
    {
        if (!_records.TryGetValue((shard, version), out StepRecord? record))
            return null;
        foreach (SumRecord sum in record.Sums)
        {
            if (sum.Node.First <= microBatch && microBatch < sum.Node.End && (uint)sum.Worker < (uint)_workers.Addresses.Count)
                return _workers.Addresses[sum.Worker];
        }
        return null;
    }

    private void Take(LedgerEvent entry)
    {
        switch (entry)
        {
            case ShardsRestored restored:
                ParameterShards = restored.ParameterShards;
                foreach ((int, long Version) superseded in _records.Keys.Where(key => key.Version >= restored.Version).ToArray())
                    _records.Remove(superseded);
                break;
            case GenerationOpened opened:
                _workers.Add(opened.Workers);
                break;
            case StepsRecorded recorded:
                foreach (StepRecord step in recorded.Steps)
                    _records[(recorded.Shard, step.Version)] = step;
                break;
            default:
                break;
        }
    }
}
