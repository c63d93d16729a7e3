using Akka.Actor;
using Akka.Event;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>One per run: hears of members, steps and snapshots, asks <see cref="RunState"/> what to do, and does it.</summary>
/// <remarks>It is not on the path of a step: workers and parameter shards go from version to version by themselves.</remarks>
public sealed partial class Coordinator : ReceiveActor, IWithTimers, IWithStash
{
    private readonly CoordinatedRun _run;
    private readonly RunPlan _plan;
    private readonly IActorRef _keeper;
    private readonly int _parameterCount;
    private readonly long _started;

    // From when the ledger is read, if there is one.
    private RunState _state = null!;
    private Generation _firstGeneration;

    // Of the shards that have registered, by index.
    private readonly Dictionary<int, IActorRef> _shards = [];
    private readonly Dictionary<int, string> _shardAddresses = [];
    private readonly IReadOnlyList<ShardAssignment> _assignments;
    private readonly ITensorLinks _links;

    // Addresses as the workers gave them.
    private readonly Dictionary<IActorRef, string> _workers = [];
    private int _mostWorkers;

    /// <summary>Use <see cref="Props"/>.</summary>
    public Coordinator(CoordinatedRun run)
    {
        _run = run;
        _links = run.Links(Self);
        _assignments = ShardAssignment.Cut(run.Job.Spec, run.Plan, run.Settings.ParameterShards);
        _started = run.Time.GetTimestamp();
        _plan = run.Plan;
        _parameterCount = ParameterLayout.For(run.Job.Spec.Network).Count;
        _keeper = Context.ActorOf(SnapshotKeeper.Props(run.Job, run.Validation).WithDispatcher(Dispatchers.Storage), "snapshots");
        if (run.Ledger is null)
            Lead(Generation.None);
        else
            ReadLedger(run.Ledger);
    }

    /// <summary>Asks a coordinator to stop its run cleanly between two steps.</summary>
    public sealed record StopRun : IProtocolMessage
    {
        /// <summary>The only one.</summary>
        public static StopRun Instance { get; } = new();
    }

    /// <inheritdoc/>
    public ITimerScheduler Timers { get; set; } = null!;

    private TimeSpan Now => _run.Time.GetElapsedTime(_started);

    /// <summary>A coordinator for a run.</summary>
    public static Props Props(CoordinatedRun run) => Akka.Actor.Props.Create(() => new Coordinator(run));

    // What the keeper of snapshots does not answer for is a fault that no restart mends: the run ends with it.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(_ => Directive.Escalate);

    /// <inheritdoc/>
    protected override void PreStart() => Timers.StartPeriodicTimer("tick", Tick.Instance, TimeSpan.FromSeconds(1));

    /// <inheritdoc/>
    protected override void PostStop() => _run.Completion.TrySetException(new TrainingFailedException("The coordinator stopped before the run was over."));

    /// <inheritdoc/>
    protected override void PreRestart(Exception reason, object message) =>
        _run.Completion.TrySetException(new TrainingFailedException($"The coordinator crashed: {reason.Message}", reason));

    private void Lead(Generation newest)
    {
        SnapshotPlan snapshots = new(_plan, _run.Job.Spec, _run.Job.CheckpointEvery);
        _firstGeneration = newest.Next();
        _state = new RunState(_run.Job.Spec, _plan, snapshots, _run.Settings with { NewestGeneration = newest }, Now);
        Become(() =>
        {
            ReceiveMembers();
            ReceiveNodes();
            ReceiveSteps();
            ReceiveSnapshots();
            ReceiveLedger();
            Receive<Tick>(_ =>
            {
                Do(_state.Tick(Now));
                _run.Describe(_state.Describe());
            });
            Receive<StopRun>(_ => Do(_state.StopRequested(Now)));
        });
    }

    private void ReceiveMembers()
    {
        Receive<RegisterWorker>(register =>
        {
            Context.Watch(Sender);
            _workers[Sender] = register.Address;
            _mostWorkers = Math.Max(_mostWorkers, _workers.Count);
            Do(_state.WorkerRegistered(register.Address, Now));
        });
        Receive<RegisterShard>(register =>
        {
            if (!IsPlaced(register))
                return;
            _shards[register.Shard] = Sender;
            _shardAddresses[register.Shard] = register.Address;
            Context.Watch(Sender);
            Do(_state.ShardRegistered(register.Shard, register.Address, Now));
        });
        Receive<Terminated>(terminated => { if (!LostNode(terminated.ActorRef)) Lost(terminated); });
    }

    private void ReceiveSteps()
    {
        Receive<StepsReached>(m => Do(_state.StepsReached(m.Generation, m.Shard, m.Version, m.EpochStatistics, Now)));
        Receive<StepRefused>(m => Do(_state.StepRefused(m.Generation, m.Version, m.Tensor, m.Worker)));
        Receive<ShardHeld>(m => Do(_state.Held(m.Generation, m.Shard, m.Version, Now)));
        Receive<MissingMicroBatch>(m => Do(_state.MissingReported(m.Generation, m.Shard, m.Version, m.MicroBatch, Now)));
    }

    private void Lost(Terminated terminated)
    {
        int shard = _shards.Where(s => s.Value.Equals(terminated.ActorRef)).Select(s => s.Key).FirstOrDefault(-1);
        if (shard >= 0 && LostNodeOf(shard))
            return;
        Do(shard >= 0
            ? _state.ShardLost(shard, "it crashed again and again.")
            : _state.WorkerLost(_workers.GetValueOrDefault(terminated.ActorRef, ""), Now));
        _workers.Remove(terminated.ActorRef);
    }

    private void Do(IReadOnlyList<RunEffect> effects)
    {
        foreach (RunEffect effect in effects)
            Do(effect);
    }

    private void Do(RunEffect effect)
    {
        switch (effect)
        {
            case LoadCheckpoint e: Load(e.Generation); break;
            case RestoreShards e: Restore(e.Generation); break;
            case UndoSteps e: RecordRestore(e.Generation); break;
            case OpenGeneration e: Open(e); break;
            case AdvanceShards e: TellShards(new AdvanceShard(e.Generation, e.RestoredAt, e.Until, e.SnapshotAt)); break;
            case SettleForFewer: Do(_roster!.SettleForFewer()); break;
            case HoldShards e: TellShards(new HoldShard(e.Generation)); break;
            case RevokeLease e: Revoke(e); break;
            case AskForMissing: TellShards(new AskMissing()); break;
            case EvaluateSnapshot e: _keeper.Tell(new SnapshotKeeper.Evaluate(e.Generation, TakeSnapshot(e.Version))); break;
            case SaveCheckpoint e: SaveWhenSafe(e); break;
            case ShowProgress e: Tell(observer => observer.OnProgress(e.Progress)); break;
            case ShowEpoch e: Show(e.Report); break;
            case FinishRun e: Finish(e.End); break;
            case FailRun e: Fail(e); break;
            default: throw new InvalidOperationException($"No way to do {effect}.");
        }
    }

    private void Show(EpochReport report)
    {
        Record(new EpochRecorded(report));
        Tell(observer => observer.OnEpoch(report));
    }

    private static void Revoke(RevokeLease revoked)
    {
        if (revoked.Reason is { } reason)
            Context.GetLogger().Warning("The lease of worker {0} is revoked: {1}.", revoked.Worker, reason);
        Context.System.Resolve(revoked.Worker).Tell(new LeaseRevoked());
    }

    private void Open(OpenGeneration open)
    {
        if (open.Generation != _firstGeneration)
            Context.GetLogger().Warning("Generation {0} begins, with {1} workers.", open.Generation.Number, open.Workers.Count);
        Record(new GenerationOpened(open.Generation, 0, [.. open.Workers]));
        _run.Leased(open.Workers);
        for (int i = 0; i < open.Workers.Count; i++)
        {
            Lease lease = new(i, open.Workers.Count);
            Context.System.Resolve(open.Workers[i]).Tell(new LeaseMicroBatches(open.Generation, lease, NodeLeaseOf(open.Workers, i), open.Shards));
        }
        TellShards(new OpenShardGeneration(open.Generation, open.RestoredAt, open.Workers, KeepsLedger));
    }

    // The workers of a node have leases side by side, because their addresses begin alike and the state machine keeps them in order.
    private static NodeLease NodeLeaseOf(IReadOnlyList<string> workers, int index)
    {
        string node = Addresses.TensorsOf(workers[index]);
        if (node.Length == 0)
            return new NodeLease(index, 1, workers.Count);
        int first = index;
        while (first > 0 && Addresses.TensorsOf(workers[first - 1]) == node)
            first--;
        int end = index + 1;
        while (end < workers.Count && Addresses.TensorsOf(workers[end]) == node)
            end++;
        return new NodeLease(first, end - first, workers.Count);
    }

    private void TellShards(object message)
    {
        foreach (IActorRef shard in _shards.Values)
            shard.Tell(message);
    }

    // An observer that keeps records may find the disk full: the run ends with that.
    private void Tell(Action<ITrainingObserver> news)
    {
        try
        {
            news(_run.Observer);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            End(() => new RunFailed(failure.Message), () => _run.Completion.TrySetException(failure));
        }
    }

    private void Finish(TrainingEnd end)
    {
        Checkpoint last = _newest!; // a run ends at a checkpoint, the one it began with at the earliest
        _run.TookPart(_mostWorkers, _mostNodes);
        End(() => new RunEnded(end, last.Version, WeightsHash.Of(last.Parameters)), () => _run.Completion.TrySetResult(new TrainingResult
        {
            Parameters = last.Parameters,
            Version = last.Version,
            Examples = _plan.ExamplesUntil(last.Version),
            ExamplesThisSession = _plan.ExamplesUntil(last.Version) - _plan.ExamplesUntil(_startedFrom),
            TrainTime = _state.TrainTime,
            History = last.History,
            End = end,
        }));
    }

    private void Fail(FailRun failure) => End(() => new RunFailed(failure.Reason), () => _run.Completion.TrySetException(
        failure.IsNonFinite ? new NonFiniteGradientException(failure.Reason) : new TrainingFailedException(failure.Reason + Absent())));

    private sealed class Tick
    {
        public static Tick Instance { get; } = new();
    }
}
