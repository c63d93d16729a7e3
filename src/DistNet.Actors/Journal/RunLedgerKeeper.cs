using Akka.Actor;
using Akka.Event;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Writes a run's ledger for its coordinator, so that the coordinator waits for the disk only where a checkpoint must not come first.</summary>
/// <remarks>
/// Events are written in the order in which the coordinator told of them. Steps are gathered and written once a second, or at once where something is to
/// follow them: a crash between costs steps after the newest checkpoint, which are replayed anyway.
/// </remarks>
internal sealed class RunLedgerKeeper : LedgerActor, IWithTimers
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly JournalSettings _journal;
    private readonly RunAccepted _accepted;
    private readonly GatheredSteps _steps = new();

    // By shard, whoever reported its steps last.
    private readonly Dictionary<int, IActorRef> _shards = [];

    // What is to be safe before the coordinator goes on.
    private Secure? _awaited;
    private bool _isClosed;

    public RunLedgerKeeper(JournalSettings journal, RunAccepted accepted)
        : base(journal)
    {
        (_journal, _accepted) = (journal, accepted);
        JournalPluginId = JournalConfiguration.Install(Context.System, journal);
        Command<ReportSteps>(Gather);
        Command<Append>(append => Write(append.Event, () => { }));
        Command<AppendCheckpoint>(append => Write(Recorded(append.Checkpoint, append.File), () => { }));
        Command<Secure>(Await);
        Command<Close>(close => Write(close.Last, () => Finish()));
        Command<Tick>(_ => LookAround());
    }

    public ITimerScheduler Timers { get; set; } = null!;

    public static Props Props(JournalSettings journal, RunAccepted accepted) =>
        Akka.Actor.Props.Create(() => new RunLedgerKeeper(journal, accepted)).WithDispatcher(Dispatchers.Storage);

    protected override void Recovered()
    {
        Timers.StartPeriodicTimer(Tick.Instance, Tick.Instance, Interval);
        if (Ledger.Accepted is null)
            Record(_accepted, Ready);
        else if (Ledger.Accepted == _accepted)
            Ready();
        else
            JournalFailed(new JournalException($"{_journal.Name} is the ledger of another run ({Ledger.Accepted.RunId}); give each run its own"));
    }

    protected override void JournalFailed(JournalException failure) => Context.Parent.Tell(new Failed(failure));

    private void Ready() => Context.Parent.Tell(new Read(Ledger.Generation));

    private void Gather(ReportSteps report)
    {
        if (_isClosed || !_steps.IsOf(report.RestoredAt, report.Shard))
            return;
        if (StepsOf(report, Ledger) is not { } steps)
            return;
        _shards[report.Shard] = Sender;
        if (!_steps.Add(steps))
            Sender.Tell(new RepeatSteps(report.RestoredAt));
        if (IsAwaitedThere)
            WriteSteps();
    }

    // Anybody who reaches the node's port can send a message.
    private StepsRecorded? StepsOf(ReportSteps report, RunLedger ledger)
    {
        try
        {
            return report.Read(ledger.Workers);
        }
        catch (Exception strange) when (strange is InvalidDataException or KeyNotFoundException or IndexOutOfRangeException or ArgumentOutOfRangeException)
        {
            Context.GetLogger().Warning("Steps that {0} reported were not read: {1}", Sender, strange.Message);
            return null;
        }
    }

    private void Await(Secure awaited)
    {
        _awaited = awaited;
        if (IsAwaitedThere)
            WriteSteps();
    }

    // Nothing was restored in this session where the run is stopped before its first step: what its checkpoint holds was secured when that was saved.
    private bool IsAwaitedThere => _awaited is { } awaited && (!_steps.HasBegun || _steps.Version >= awaited.Version);

    private void LookAround()
    {
        if (_awaited is not null && !IsAwaitedThere)
            Context.Parent.Tell(new RepeatSteps(Ledger.RestoredAt));
        if (_steps.Count > 0)
            WriteSteps();
    }

    private void WriteSteps() => Record(_steps.Take(), Acknowledge);

    private void Write(LedgerEvent entry, Action then)
    {
        LedgerEvent last = entry is GenerationOpened opened ? opened with { FromVersion = _steps.Version } : entry;
        Record([.. _steps.Take(), last], () =>
        {
            if (last is ShardsRestored restored)
                BeginAnew(restored);
            Acknowledge();
            then();
        });
    }

    private void BeginAnew(ShardsRestored restored)
    {
        _steps.Begin(restored);
        _shards.Clear();
        _awaited = null; // what was to be saved is undone
    }

    private void Acknowledge()
    {
        foreach ((int shard, IActorRef actor) in _shards)
            actor.Tell(new StepsSafe(Ledger.RestoredAt, Ledger.Versions[shard]));
        if (!IsAwaitedThere)
            return;
        Context.Parent.Tell(new Secured(_awaited!.Generation, _awaited.Version));
        _awaited = null;
    }

    private void Finish()
    {
        _isClosed = true;
        Context.Parent.Tell(new Closed());
    }

    private static CheckpointRecorded Recorded(Checkpoint checkpoint, string file) =>
        new(checkpoint.Version, Path.GetFileName(file), WeightsHash.Of(checkpoint.Parameters));

    /// <summary>To the coordinator: the ledger was read; the run's next generation is newer than this one.</summary>
    internal sealed record Read(Generation Newest) : INoSerializationVerificationNeeded;

    /// <summary>To the coordinator: the journal failed, and takes nothing more.</summary>
    internal sealed record Failed(JournalException Reason) : INoSerializationVerificationNeeded;

    /// <summary>From the coordinator: this happened.</summary>
    internal sealed record Append(LedgerEvent Event) : INoSerializationVerificationNeeded;

    /// <summary>From the coordinator: a checkpoint was saved.</summary>
    internal sealed record AppendCheckpoint(Checkpoint Checkpoint, string File) : INoSerializationVerificationNeeded;

    /// <summary>From the coordinator: say when all steps before a version are safe.</summary>
    internal sealed record Secure(Generation Generation, long Version) : INoSerializationVerificationNeeded;

    /// <summary>To the coordinator: they are.</summary>
    internal sealed record Secured(Generation Generation, long Version) : INoSerializationVerificationNeeded;

    /// <summary>From the coordinator: the session's last event.</summary>
    internal sealed record Close(LedgerEvent Last) : INoSerializationVerificationNeeded;

    /// <summary>To the coordinator: it is safe.</summary>
    internal sealed record Closed : INoSerializationVerificationNeeded;

    private sealed class Tick
    {
        public static Tick Instance { get; } = new();
    }
}
