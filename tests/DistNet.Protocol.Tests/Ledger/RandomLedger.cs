using DistNet.Neural;

namespace DistNet.Protocol.Tests;

/// <summary>
/// The ledger of a run on paper to which a seed's worth of things happens: workers come and go, idle ones compute what others hold,
/// shards run ahead of each other and go back to checkpoints.
/// </summary>
internal sealed class RandomLedger
{
    private readonly Random _chance;
    private readonly RunPlan _plan = Paper.Plan();
    private readonly RunLedger _ledger = new();
    private readonly List<string> _workers = ["worker-0", "worker-1"];
    private readonly List<GenerationOpened> _generations = [];
    private Generation[] _since = []; // by shard: the generation of its last step, or of its state
    private int _workersEver = 2;

    private RandomLedger(int seed) => _chance = new Random(seed);

    private List<LedgerEvent> Events { get; } = [];

    /// <summary>A run that was made to its end.</summary>
    public static List<LedgerEvent> Complete(int seed)
    {
        RandomLedger random = new(seed);
        random.Begin();
        while (random._ledger.Version < random._plan.TotalSteps)
            random.Happen();
        random.Add(new RunEnded(TrainingEnd.Completed, random._plan.TotalSteps, "00"));
        return random.Events;
    }

    private void Begin()
    {
        Add(new RunAccepted("on-paper", TrainingSpecJson.Write(Paper.Spec), "hash", _plan.TrainingExampleCount));
        Restore(0);
    }

    private void Happen()
    {
        switch (_chance.Next(12))
        {
            case 0: Restore(_ledger.Checkpoint?.Version ?? 0); break;
            case 1: ChangeWorkers(); break;
            case 2 when _ledger.Version > (_ledger.Checkpoint?.Version ?? 0): Add(new CheckpointRecorded(_ledger.Version, $"step-{_ledger.Version}", "00")); break;
            default: Step(_chance.Next(_ledger.Versions.Count)); break;
        }
    }

    private void Restore(long version)
    {
        Add(new ShardsRestored(_ledger.Generation.Next(), version, _chance.Next(1, 4), "chance"));
        _since = [.. _ledger.Versions.Select(_ => _ledger.Generation)];
        Open(_ledger.Generation);
    }

    private void ChangeWorkers()
    {
        if (_workers.Count > 1 && _chance.Next(2) == 0)
            _workers.RemoveAt(_chance.Next(_workers.Count));
        else
            _workers.Add($"worker-{_workersEver++}");
        Open(_ledger.Generation.Next());
    }

    private void Open(Generation generation)
    {
        _generations.Add(new GenerationOpened(generation, _ledger.Version, [.. _workers]));
        Add(_generations[^1]);
    }

    private void Step(int shard)
    {
        List<StepRecord> steps = [];
        for (long version = _ledger.Versions[shard]; version <= _ledger.Version && version < _plan.TotalSteps && steps.Count < 3; version++)
        {
            steps.Add(Record(shard, version));
            _since[shard] = _ledger.Generation;
        }
        if (steps.Count > 0)
            Add(new StepsRecorded(shard, [.. steps]));
    }

    // Each sum from a worker of one of the generations in which the shard had the step under way.
    private StepRecord Record(int shard, long version)
    {
        int count = _plan.MicroBatchCount(version);
        GenerationOpened[] open = [.. _generations.Where(generation => generation.Generation >= _since[shard])];
        List<TreeNode> nodes = [];
        int cut = _chance.Next(count + 1);
        ReductionTree.Cover(count, 0, cut, nodes);
        ReductionTree.Cover(count, cut, count, nodes);
        SumRecord[] sums = [.. nodes.Select(node =>
        {
            string[] workers = open[_chance.Next(open.Length)].Workers;
            return new SumRecord(node, _ledger.Workers.NumberOf(workers[_chance.Next(workers.Length)]));
        })];
        return new StepRecord(version, _ledger.Generation, sums, _chance.Next(3), _chance.Next(3));
    }

    private void Add(LedgerEvent entry)
    {
        Events.Add(entry);
        _ledger.Apply(entry);
    }
}
