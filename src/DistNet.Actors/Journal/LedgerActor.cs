using Akka.Persistence;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>A persistent actor whose events are a run's ledger: recovers it, and adds to it.</summary>
public abstract class LedgerActor : JournalActor
{
    /// <summary>Recovers from a journal, and then calls <see cref="Recovered"/>.</summary>
    protected LedgerActor(JournalSettings journal)
        : base(journal)
    {
        Recover<LedgerEvent>(Take);
        Recover<RecoveryCompleted>(_ => Recovered());
    }

    /// <summary>What is safe in the journal.</summary>
    protected RunLedger Ledger { get; } = new();

    /// <summary>Everything was read; <see cref="Ledger"/> says where the run stands.</summary>
    protected abstract void Recovered();

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
}
