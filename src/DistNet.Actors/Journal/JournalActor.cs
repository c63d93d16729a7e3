using Akka.Persistence;

namespace DistNet.Actors;

/// <summary>A persistent actor that turns a journal which fails into one sentence.</summary>
public abstract class JournalActor : ReceivePersistentActor
{
    private readonly JournalSettings _journal;

    /// <summary>Recovers from a journal.</summary>
    protected JournalActor(JournalSettings journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        _journal = journal;
    }

    /// <inheritdoc/>
    public override string PersistenceId => _journal.PersistenceId;

    /// <summary>The journal failed; the actor stops after this. Whatever waits for it must be told.</summary>
    protected abstract void JournalFailed(JournalException failure);

    /// <inheritdoc/>
    protected override void OnPersistFailure(Exception cause, object @event, long sequenceNr) =>
        JournalFailed(JournalException.Of(_journal, "could not be written", cause));

    // Refused without being tried, such as an event that nobody can serialize: the journal lacks it just the same.
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
