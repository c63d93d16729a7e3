using DistNet.Neural;

namespace DistNet.Protocol.Tests.Simulation;

/// <summary>Coordinators, workers and parameter shards around the protocol's state machines, and what befalls them: all from one seed.</summary>
/// <remarks>Members share one process, where nothing is lost, or are spread over nodes, between which messages are lost and repeated.</remarks>
internal sealed class SimulatedCluster
{
    // The longest run found takes a fifth of it.
    private const int MostEvents = 100_000;

    private readonly Dictionary<string, SimulatedWorker> _workers = [];
    private readonly Dictionary<string, SimulatedShard> _shards = [];

    // By address; and by place, the process that is there now.
    private readonly Dictionary<string, SimulatedNode> _nodes = [];
    private readonly Dictionary<string, SimulatedNode> _places = [];
    private readonly CalmRun _calm;
    private readonly RunSettings _settings;
    private readonly int _checkpointEvery;
    private readonly int _parameterServers;

    // Where all members are, if they share a process.
    private readonly SimulatedPart? _process;
    private string? _failure;
    private long _run;

    // The network loses nothing from here on, and every run must end soon.
    private static readonly TimeSpan Healed = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan LongestRun = TimeSpan.FromMinutes(5);

    public SimulatedCluster(int seed, SimulatedSpec spec, Fault fault, SimulatedSession? before, bool isSpread = false)
    {
        (Network, Fault, Spec, Plan, _calm) = (new VirtualNetwork(seed), fault, spec.Spec, spec.Plan, spec.Calm);
        (IsSpread, Accepted, Start) = (isSpread, spec.Accepted, before?.Newest ?? spec.Start);
        Journal = [.. before?.Journal ?? []];
        ShardCount = 1 + Network.Chance(3);
        _checkpointEvery = ((int[])[0, 0, 1, 3, 5])[Network.Chance(5)];
        int members = 1 + Network.Chance(4);
        SimulatedNode[] nodes = isSpread ? [.. Enumerable.Range(0, members).Select(i => NewNode($"node-{i}"))] : [];
        int workers = isSpread ? nodes.Sum(node => node.Slots) : members;
        _parameterServers = isSpread ? 1 + Network.Chance(nodes.Count(node => node.TakesShards)) : 0;
        _settings = new() { Workers = workers, ParameterShards = ShardCount, StepDeadline = TimeSpan.FromSeconds(5), MembersReturn = isSpread };
        SimulatedCoordinator coordinator = BeginCoordinator();
        _process = isSpread ? null : new SimulatedPart("", coordinator);
        for (int i = 0; i < workers && !isSpread; i++)
            StartWorker(_process!, $"worker-{i}#0");
        for (int i = 0; i < ShardCount && !isSpread; i++)
            StartShard(i, incarnation: 0);
        if (isSpread)
            Network.Lose(new Loss(LostPerThousand: Network.Chance(30), TwicePerThousand: Network.Chance(100), Healed));
        Misfortune.Befall(this);
    }

    public VirtualNetwork Network { get; }

    public Fault Fault { get; }

    public TrainingSpec Spec { get; }

    public RunPlan Plan { get; }

    public TimeSpan StepDeadline => _settings.StepDeadline;

    public int ShardCount { get; }

    /// <summary>How often a shard looks for stragglers; messages take longer here than in a cluster.</summary>
    public TimeSpan LookInterval { get; } = TimeSpan.FromMilliseconds(40);

    /// <summary>Tree nodes that workers computed for slow ones.</summary>
    public int Helped { get; set; }

    /// <summary>Incarnations of the coordinator so far.</summary>
    public long Incarnations => _run;

    /// <summary>Whether members are spread over nodes, and the network between them loses and repeats messages.</summary>
    public bool IsSpread { get; }

    /// <summary>The first event of the ledger.</summary>
    public RunAccepted Accepted { get; }

    /// <summary>What the session begins with.</summary>
    public Checkpoint Start { get; }

    /// <summary>The ledger on the simulated disk, earlier sessions included.</summary>
    public List<LedgerEvent> Journal { get; }

    /// <summary>Checkpoints on the simulated disk.</summary>
    public List<Checkpoint> Saved { get; } = [];

    /// <summary>The incarnation under way, or null between a crash and its successor.</summary>
    public SimulatedCoordinator? Coordinator { get; private set; }

    public TrainingEnd? End => Coordinator?.End;

    public IEnumerable<SimulatedWorker> Workers => _workers.Values.Where(worker => !Network.IsGone(worker.Address));

    public IEnumerable<SimulatedShard> Shards => _shards.Values.Where(shard => !Network.IsGone(shard.Address));

    /// <summary>The nodes whose processes are there.</summary>
    public IEnumerable<SimulatedNode> Nodes => _places.Values.Where(IsThere);

    public SimulatedWorker Worker(string address) => _workers[address];

    public SimulatedShard Shard(string address) => _shards[address];

    public SimulatedNode Node(string address) => _nodes[address];

    public bool IsThere(SimulatedNode node) => !Network.IsGone(node.Address);

    /// <summary>Where a member's node takes tensors: "place~process/part/member"; empty for the coordinator, and inside one process.</summary>
    public static string PlaceOf(string address) => address.IndexOf('~', StringComparison.Ordinal) is > 0 and var at ? address[..at] : "";

    /// <summary>Whether two members are in one process.</summary>
    public bool AreTogether(string one, string other) => !IsSpread || PlaceOf(one) == PlaceOf(other);

    /// <summary>Sends a message the way that it goes between these two.</summary>
    public void Send(string from, string to, Action deliver)
    {
        if (IsSpread)
            Network.SendAcross(from, to, deliver);
        else
            Network.Send(from, to, deliver);
    }

    /// <summary>Sends a message to a part's coordinator: to that very incarnation, whose address it has.</summary>
    public void SendToCoordinator(string from, SimulatedPart part, Action<SimulatedCoordinator> deliver)
    {
        SimulatedCoordinator to = Fault == Fault.IgnoresIncarnations && Coordinator is not null ? Coordinator : part.Coordinator;
        Send(from, to.Address, () => deliver(to));
    }

    /// <summary>Sends a tensor to a shard: to the actor inside a process; over the wire to whatever shard of that index lives there, in that run.</summary>
    public void SendToShard(string from, string shard, int index, long run, Action<SimulatedShard> deliver)
    {
        if (AreTogether(from, shard))
        {
            Network.Send(from, shard, () => deliver(_shards[shard]));
            return;
        }
        SendFrame(from, PlaceOf(shard), run, part =>
        {
            if (part.Shards.TryGetValue(index, out SimulatedShard? there))
                deliver(there);
        });
    }

    /// <summary>Sends a tensor over the wire to a node's part in a run; frames of other runs are refused.</summary>
    public void SendFrame(string from, string place, long run, Action<SimulatedPart> deliver)
    {
        (string sender, string receiver) = ($"{from} tensors", $"{place} tensors");
        if (Network.Chance(200) == 0)
            Network.Hang(sender, receiver, Network.Milliseconds(3_000)); // a congested connection
        Send(sender, receiver, () =>
        {
            SimulatedNode node = _places[place];
            Network.Reach(node.Address, () =>
            {
                if (node.Part is { } part && IsOf(run, part.Coordinator))
                    deliver(part);
            });
        });
    }

    /// <summary>Sends a shard's copy over the wire to the coordinator.</summary>
    public void SendSnapshot(string from, long run, Action<SimulatedCoordinator> deliver) => Send($"{from} tensors", "coordinator tensors", () =>
    {
        if (Coordinator is { } coordinator && IsOf(run, coordinator))
            deliver(coordinator);
    });

    public SimulatedWorker StartWorker(SimulatedPart part, string address)
    {
        SimulatedWorker worker = _workers[address] = new SimulatedWorker(this, part, address);
        worker.Start();
        return worker;
    }

    public SimulatedShard StartShard(SimulatedPart part, int index, string address)
    {
        SimulatedShard shard = _shards[address] = new SimulatedShard(this, part, index, address);
        shard.Start();
        return shard;
    }

    /// <summary>Another worker in the process.</summary>
    public void StartWorker(string address) => StartWorker(_process!, address);

    /// <summary>An incarnation of a shard in the process.</summary>
    public void StartShard(int index, int incarnation) => StartShard(_process!, index, $"shard-{index}#{incarnation}");

    /// <summary>Starts a process at a place, the first or another one.</summary>
    public SimulatedNode StartNode(string place, bool takesShards, int slots)
    {
        SimulatedNode node = new(this, place, process: _nodes.Count, takesShards, slots);
        (_nodes[node.Address], _places[place]) = (node, node);
        node.Start();
        return node;
    }

    /// <summary>Ends an incarnation, or a process with all that is in it: what is sent to it is lost.</summary>
    public void Crash(string address) => Network.Cut(address);

    /// <summary>Ends the coordinator; a successor begins from ledger and checkpoints after a while.</summary>
    public void CrashCoordinator()
    {
        if (Coordinator is null || (Journal.Count > 0 && Journal[^1] is RunEnded))
            return;
        Network.Cut(Coordinator.Address);
        Coordinator = null;
        Network.After(TimeSpan.FromMilliseconds(300) + Network.Milliseconds(4_000), () => BeginCoordinator());
    }

    /// <summary>Something is wrong with the cluster.</summary>
    public void Fail(string failure) => _failure ??= failure;

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
        while (End is null && _failure is null)
        {
            Network.Step();
            _failure ??= Coordinator?.Failure;
            if (Network.Events > MostEvents || Network.Now > LongestRun)
                _failure ??= $"the run does not end: it {Coordinator?.Describe()}";
        }
        return _failure ?? Verify(Coordinator!) ?? VerifyLedger(Coordinator!.Newest.Version);
    }

    private string? Verify(SimulatedCoordinator coordinator)
    {
        Checkpoint newest = coordinator.Newest;
        TrainingEnd expected = newest.Version == _calm.Version ? _calm.End : TrainingEnd.Interrupted;
        bool isSaved = Saved.Count > 0 && Saved[^1].Version == newest.Version;
        return coordinator.End != expected ? $"the run ended as {coordinator.End} at version {newest.Version}"
            : !isSaved ? $"the run ended at version {newest.Version}, which is not saved"
            : !newest.Parameters.Zip(_calm.Parameters[(int)newest.Version], Same).All(same => same) ? $"the parameters of version {newest.Version} differ"
            : !newest.History.SequenceEqual(_calm.History.Where(report => (long)report.Epoch * Plan.StepsPerEpoch <= newest.Version)) ? "the history differs"
            : coordinator.Shown.Select(report => report.Epoch).Distinct().Count() != coordinator.Shown.Count ? "an epoch was shown twice"
            : null;
    }

    // From the ledger alone: every example of every epoch was counted once, over all sessions and incarnations.
    private string? VerifyLedger(long version)
    {
        AuditReport audit = LedgerAudit.Check(Journal);
        long epochs = version / Plan.StepsPerEpoch;
        return audit.Violations.Count > 0 ? $"the ledger fails its audit: {audit.Violations[0]}"
            : audit.Steps != version ? $"the ledger has {audit.Steps} steps of {version}"
            : audit.Epochs.Count(epoch => epoch.IsComplete && epoch.Examples == Plan.TrainingExampleCount) != epochs ? $"the ledger has not {epochs} complete epochs"
            : null;
    }

    private SimulatedCoordinator BeginCoordinator()
    {
        Coordinator = new SimulatedCoordinator(this, ++_run, _settings, _checkpointEvery, _parameterServers);
        Coordinator.Begin();
        return Coordinator;
    }

    // The first node has every role and never leaves for good.
    private SimulatedNode NewNode(string place)
    {
        int roles = place == "node-0" ? 0 : Network.Chance(3);
        return StartNode(place, takesShards: roles != 1, slots: roles == 2 ? 0 : 1 + Network.Chance(2));
    }

    private bool IsOf(long run, SimulatedCoordinator coordinator) => run == coordinator.Run || Fault == Fault.IgnoresIncarnations;

    private static bool Same(float left, float right) => BitConverter.SingleToUInt32Bits(left) == BitConverter.SingleToUInt32Bits(right);
}
