using Akka.Persistence;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>A persistent actor whose events are a run's ledger: recovers it, adds to it, and turns a journal that fails into one sentence.</summary>
public abstract class LedgerActor : ReceivePersistentActor
{
    private readonly JournalSettings _journal;

    /// <summary>Recovers from a journal, and then calls <see cref="Recovered"/>.</summary>
    protected LedgerActor(JournalSettings journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
        Recover<LedgerEvent>(Take);
        Recover<RecoveryCompleted>(_ => Recovered());
    }

    /// <inheritdoc/>
    public override string PersistenceId => _journal.PersistenceId;

    /// <summary>What is safe in the journal.</summary>
    protected RunLedger Ledger { get; } = new();

    /// <summary>Everything was read; <see cref="Ledger"/> says where the run stands.</summary>
    protected abstract void Recovered();

    /// <summary>The journal failed; the actor stops after this. Whatever waits for it must be told.</summary>
    protected abstract void JournalFailed(JournalException failure);

    /// <summary>Adds an event, then does what follows from it; messages wait until then.</summary>
    protected void Record(LedgerEvent entry, Action then)
    {
        ArgumentNullException.ThrowIfNull(then);
        Persist(entry, safe =>
        {
            Take(safe);
            then();
        });
    }

    /// <summary>Adds events, all or none, then does what follows from them; messages wait until then.</summary>
    protected void Record(IReadOnlyCollection<LedgerEvent> entries, Action then)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(then);
        int left = entries.Count;
        if (left == 0)
            then();
        PersistAll(entries, safe =>
        {
            Take(safe);
            if (--left == 0)
                then();
        });
    }

    /// <summary>An event is safe, or was read back.</summary>
    protected virtual void Take(LedgerEvent entry) => Ledger.Apply(entry);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        JournalFailed(JournalException.Of(_journal, "could not be written", cause));

    // Refused without being tried, such as an event that nobody can serialize: the ledger lacks it just the same.
    /// <inheritdoc/>
    protected override void OnPersistRejected(Exception cause, object @event, long sequenceNr)
    {
        JournalFailed(JournalException.Of(_journal, "could not be written", cause));
        Context.Stop(Self);
    }

    /// <inheritdoc/>
    protected override void OnRecoveryFailure(Exception reason, object? message = null) =>
        JournalFailed(JournalException.Of(_journal, "could not be read", reason));
}
