using Akka.Actor;
using Akka.Configuration;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A ledger's keeper in an actor system of its own, over a real journal.</summary>
internal sealed class JournalKit : IAsyncDisposable
{
    private readonly ActorSystem _system;
    private readonly IActorRef _keeper;
    private readonly TaskCompletionSource<RunLedger> _recovered = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<JournalException> _failed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public JournalKit(JournalSettings journal)
    {
        Config quiet = ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loggers = [], loglevel = ERROR, coordinated-shutdown.run-by-clr-shutdown-hook = off }");
        _system = ActorSystem.Create("journal", JournalConfiguration.Of(journal).WithFallback(quiet));
        _keeper = _system.ActorOf(Props.Create(() => new Keeper(journal, _recovered, _failed)), "keeper");
    }

    /// <summary>The ledger as it was read back.</summary>
    public Task<RunLedger> Recovered => _recovered.Task.WaitAsync(Runs.Patience);

    /// <summary>The sentence with which the journal failed.</summary>
    public Task<JournalException> Failed => _failed.Task.WaitAsync(Runs.Patience);

    /// <summary>A ledger with an event of each kind, which its audit finds good.</summary>
    public static LedgerEvent[] Events { get; } =
    [
        new RunAccepted("20261124-025512", TrainingSpecJson.Write(Runs.Spec), "doodles", 100),
        new ShardsRestored(new Generation(1), 0, 1, "the run begins"),
        new GenerationOpened(new Generation(1), 0, ["worker-0", "worker-1"]),
        new StepsRecorded(0, [.. Enumerable.Range(0, 12).Select(Step)]),
        new EpochRecorded(new EpochReport(1, new LossStatistics(61.5, 80, 100), new LossStatistics(double.NaN, 7, 9))),
        new CheckpointRecorded(12, "checkpoints/step-00000012.safetensors", "f00d"),
        new RunFailed("Disk full."),
        new RunEnded(TrainingEnd.Completed, 12, "f00d"),
    ];

    /// <summary>Waits until an event is safe.</summary>
    public Task Record(params LedgerEvent[] events) => _keeper.Ask<bool>(events, Runs.Patience);

    /// <summary>Hands events over without waiting for more than a failure.</summary>
    public void Tell(params LedgerEvent[] events) => _keeper.Tell(events);

    /// <summary>Ends the system at once, as a crash would.</summary>
    public Task Abort()
    {
        ((ExtendedActorSystem)_system).Abort();
        return _system.WhenTerminated;
    }

    public async ValueTask DisposeAsync() => await _system.Terminate();

    private static StepRecord Step(int version) => new(
        version, new Generation(1), version % 4 == 3 ? [new SumRecord(new TreeNode(0, 1), 1)] : [new SumRecord(new TreeNode(0, 4), 0), new SumRecord(new TreeNode(4, 4), 1)], 0, 0);

    private sealed class Keeper : LedgerActor
    {
        private readonly TaskCompletionSource<RunLedger> _recovered;
        private readonly TaskCompletionSource<JournalException> _failed;

        public Keeper(JournalSettings journal, TaskCompletionSource<RunLedger> recovered, TaskCompletionSource<JournalException> failed)
            : base(journal)
        {
            (_recovered, _failed) = (recovered, failed);
            Command<LedgerEvent[]>(events =>
            {
                IActorRef sender = Sender;
                Record(events, () => sender.Tell(true));
            });
        }

        protected override void Recovered() => _recovered.TrySetResult(Ledger);

        protected override void JournalFailed(JournalException failure)
        {
            _failed.TrySetResult(failure);
            _recovered.TrySetException(failure);
        }
    }
}
