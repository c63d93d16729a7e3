using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>The ledger: what it is told, and what waits until it is safe. A run without one waits for nothing.</content>
public sealed partial class Coordinator
{
    // Nobody where the run keeps no ledger.
    private IActorRef _ledger = ActorRefs.Nobody;

    // The checkpoint that waits for its steps to be safe in the ledger, or null.
    private SaveCheckpoint? _unsecured;

    // What ends the run once the ledger says so, or null.
    private Action? _ending;

    /// <inheritdoc/>
    public IStash Stash { get; set; } = null!;

    private bool KeepsLedger => _run.Ledger is not null;

    // The generations of a run go on from those in its ledger, so nobody is heard before it is read.
    private void ReadLedger(LedgerSettings ledger)
    {
        TrainingJob job = _run.Job;
        RunAccepted accepted = new(ledger.RunId, TrainingSpecJson.Write(job.Spec), job.Examples.ContentHash, _plan.TrainingExampleCount);
        _ledger = Context.ActorOf(RunLedgerKeeper.Props(ledger.Journal, accepted), "ledger");
        Become(() =>
        {
            Receive<RunLedgerKeeper.Read>(read =>
            {
                Lead(read.Newest);
                Stash.UnstashAll();
            });
            Receive<RunLedgerKeeper.Failed>(LedgerFailed);
            Receive<Tick>(_ => _run.Describe("reads its ledger"));
            ReceiveAny(_ => Stash.Stash());
        });
    }

    private void ReceiveLedger()
    {
        Receive<ReportSteps>(_ledger.Forward);
        Receive<RepeatSteps>(TellShards);
        Receive<RunLedgerKeeper.Secured>(secured =>
        {
            if (_unsecured is { } save && (save.Generation, save.Version) == (secured.Generation, secured.Version))
                Save(save);
        });
        Receive<RunLedgerKeeper.Closed>(_ => _ending?.Invoke());
        Receive<RunLedgerKeeper.Failed>(LedgerFailed);
    }

    private void LedgerFailed(RunLedgerKeeper.Failed failed)
    {
        Timers.CancelAll();
        _run.Completion.TrySetException(failed.Reason);
    }

    private void RecordRestore(Generation generation)
    {
        string reason = generation.Number > _firstGeneration.Number ? "the shards go back to the newest checkpoint"
            : _newest!.Version == 0 ? "the run begins"
            : "the run goes on from a checkpoint";
        Record(new ShardsRestored(generation, _newest!.Version, _run.Settings.ParameterShards, reason));
    }

    // A checkpoint that is there before the steps it rests on would leave a gap in the ledger of whoever goes on from it.
    private void SaveWhenSafe(SaveCheckpoint save)
    {
        _unsecured = save;
        if (KeepsLedger)
            _ledger.Tell(new RunLedgerKeeper.Secure(save.Generation, save.Version));
        else
            Save(save);
    }

    private void Save(SaveCheckpoint save)
    {
        _unsecured = null;
        _keeper.Tell(new SnapshotKeeper.Save(save.Generation, TakeSnapshot(save.Version)));
    }

    private void Record(LedgerEvent entry)
    {
        if (KeepsLedger)
            _ledger.Tell(new RunLedgerKeeper.Append(entry));
    }

    // The run is over for its user when it is over in the ledger.
    private void End(Func<LedgerEvent> last, Action complete)
    {
        if (_ending is not null)
            return;
        _ending = () =>
        {
            Timers.CancelAll();
            complete();
        };
        if (KeepsLedger)
            _ledger.Tell(new RunLedgerKeeper.Close(last()));
        else
            _ending();
    }
}
