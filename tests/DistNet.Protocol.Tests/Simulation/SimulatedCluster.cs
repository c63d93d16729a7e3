using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What may be wrong with a cluster on purpose, to see it caught.</summary>
internal enum Fault
{
    None,
    AddsInOrderOfArrival,
    AddsDuplicates,
    IgnoresGenerations,
    IgnoresRestores,
}

/// <summary>Coordinator, workers and parameter shards around the protocol's state machines, and what befalls them: all from one seed.</summary>
internal sealed class SimulatedCluster
{
    // A run takes some two hundred events, the longest found seven hundred.
    private const int MostEvents = 5_000;

    private readonly Dictionary<string, SimulatedWorker> _workers = [];
    private readonly Dictionary<string, SimulatedShard> _shards = [];
    private readonly CalmRun _calm;
    private readonly Dictionary<string, SimulatedStore> _stores = [];
    private string? _failure;

    // The network loses nothing from here on, and every run must end soon.
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    public SimulatedCluster(int seed, SimulatedSpec spec, Fault fault, Checkpoint? resumeFrom, bool isSpread = false)
    {
        (Network, Fault, Spec, Plan, _calm) = (new VirtualNetwork(seed), fault, spec.Spec, spec.Plan, spec.Calm);
        IsSpread = isSpread;
        int workers = 1 + Network.Chance(4);
        ShardCount = 1 + Network.Chance(3);
        RunSettings settings = new() { Workers = workers, ParameterShards = ShardCount, StepDeadline = TimeSpan.FromSeconds(5), MembersReturn = isSpread };
        int checkpointEvery = ((int[])[0, 0, 1, 3, 5])[Network.Chance(5)];
        Coordinator = new SimulatedCoordinator(this, settings, checkpointEvery, resumeFrom ?? spec.Start);
        for (int i = 0; i < workers; i++)
            StartWorker($"worker-{i}#0");
        for (int i = 0; i < ShardCount; i++)
            StartShard(i, incarnation: 0);
        if (isSpread)
            Network.Lose(new Loss(LostPerThousand: Network.Chance(30), TwicePerThousand: Network.Chance(100), Healed));
        Misfortune.Befall(this);
    }

    public VirtualNetwork Network { get; }

    public Fault Fault { get; }

    public TrainingSpec Spec { get; }

    public RunPlan Plan { get; }

    public int ShardCount { get; }

    /// <summary>Whether every member is a node of its own, and the network between them loses and repeats messages.</summary>
    public bool IsSpread { get; }

    /// <summary>The parameters of a member's process.</summary>
    public SimulatedStore StoreOf(string address)
    {
        string node = IsSpread ? NodeOf(address) : "";
        if (!_stores.TryGetValue(node, out SimulatedStore? store))
            _stores.Add(node, store = new SimulatedStore());
        return store;
    }

    /// <summary>Whether two members are in one process.</summary>
    public bool AreTogether(string one, string other) => !IsSpread || NodeOf(one) == NodeOf(other);

    /// <summary>Sends a message the way that it goes between these two.</summary>
    public void Send(string from, string to, Action deliver)
    {
        if (IsSpread)
            Network.SendAcross(from, to, deliver);
        else
            Network.Send(from, to, deliver);
    }

    public SimulatedCoordinator Coordinator { get; }

    public IEnumerable<SimulatedWorker> Workers => _workers.Values;

    public IEnumerable<SimulatedShard> Shards => _shards.Values;

    public SimulatedWorker Worker(string address) => _workers[address];

    /// <summary>Whether this incarnation has not crashed.</summary>
    public bool IsThere(SimulatedWorker worker) => _workers.GetValueOrDefault(worker.Address) == worker;

    /// <summary>Whether this incarnation has not crashed.</summary>
    public bool IsThere(SimulatedShard shard) => _shards.GetValueOrDefault(shard.Address) == shard;

    public SimulatedShard Shard(string address) => _shards[address];

    public void StartWorker(string address) => (_workers[address] = new SimulatedWorker(this, address)).Start();

    public void StartShard(int index, int incarnation)
    {
        string address = $"shard-{index}#{incarnation}";
        (_shards[address] = new SimulatedShard(this, index, address)).Start();
    }

    /// <summary>Ends an incarnation: what is sent to it is lost.</summary>
    public void Crash(string address)
    {
        Network.Cut(address);
        _workers.Remove(address);
        _shards.Remove(address);
    }

    /// <summary>The generation a message is taken for: its own, unless the cluster ignores generations.</summary>
    public Generation Fenced(Generation message, Generation receiver) =>
        Fault == Fault.IgnoresGenerations && message < receiver ? receiver : message;

    /// <summary>The restore that an order speaks of: its own, unless the cluster ignores restores.</summary>
    public Generation Restore(Generation order, Generation receiver) => Fault == Fault.IgnoresRestores ? receiver : order;

    /// <summary>A shard made a version, perhaps not for the first time: it must be the calm run's.</summary>
    public void CheckStep(SimulatedStore store, int shard, long version, int[] range)
    {
        if (range.Any(i => !Same(store.Read(version)[i], _calm.Parameters[(int)version][i])))
            _failure ??= $"shard {shard} made another version {version} than the calm run";
    }

    /// <summary>Runs to the end.</summary>
    /// <returns>What went wrong, or null.</returns>
    public string? Run()
    {
        while (Coordinator.End is null && _failure is null)
        {
            Network.Step();
            _failure ??= Coordinator.Failure;
            if (Network.Events > (IsSpread ? 10 : 1) * MostEvents || Network.Now > LongestRun)
                _failure ??= $"the run does not end: it {Coordinator.Describe()}";
        }
        return _failure ?? Verify();
    }

    private string? Verify()
    {
        Checkpoint newest = Coordinator.Newest;
        TrainingEnd expected = newest.Version == _calm.Version ? _calm.End : TrainingEnd.Interrupted;
        bool isSaved = Coordinator.Saved.Count > 0 && Coordinator.Saved[^1].Version == newest.Version;
        return Coordinator.End != expected ? $"the run ended as {Coordinator.End} at version {newest.Version}"
            : !isSaved ? $"the run ended at version {newest.Version}, which is not saved"
            : !newest.Parameters.Zip(_calm.Parameters[(int)newest.Version], Same).All(same => same) ? $"the parameters of version {newest.Version} differ"
            : !newest.History.SequenceEqual(_calm.History.Where(report => (long)report.Epoch * Plan.StepsPerEpoch <= newest.Version)) ? "the history differs"
            : Coordinator.Shown.Select(report => report.Epoch).Distinct().Count() != Coordinator.Shown.Count ? "an epoch was shown twice"
            : null;
    }

    // The first incarnations of worker i and shard i live on one node; whoever replaces them comes with a node of its own.
    private static string NodeOf(string address) => address.EndsWith("#0", StringComparison.Ordinal)
        ? address.Replace("worker-", "node-", StringComparison.Ordinal).Replace("shard-", "node-", StringComparison.Ordinal)
        : address;

    private static bool Same(float left, float right) => BitConverter.SingleToUInt32Bits(left) == BitConverter.SingleToUInt32Bits(right);
}

/// <summary>What is trained: a run of which epochs may be of one step, with or without validation and early stopping.</summary>
internal sealed class SimulatedSpec
{
    public SimulatedSpec(int seed)
    {
        bool isShort = seed % 3 == 0, validates = seed % 2 == 0;
        Spec = Paper.Spec with
        {
            Epochs = isShort ? 8 : 3,
            ValidationFraction = validates ? 0.1 : 0,
            EarlyStoppingPatience = seed % 5 == 0 ? 2 : null,
        };
        Plan = new RunPlan(Spec, isShort ? 27 : 100);
        Calm = new CalmRun(Spec, Plan);
        Start = new Checkpoint
        {
            Spec = Spec,
            DataHash = "",
            Version = 0,
            Parameters = TinyRun.InitialParameters,
            Slots = new Dictionary<string, float[]> { ["velocity"] = new float[TinyRun.ParameterCount] },
        };
    }

    public TrainingSpec Spec { get; }

    public RunPlan Plan { get; }

    public CalmRun Calm { get; }

    public Checkpoint Start { get; }
}
