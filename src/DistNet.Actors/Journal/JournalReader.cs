using Akka.Actor;
using Akka.Configuration;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Reads a run's ledger back without its coordinator, whether the run ended, crashed, or is under way.</summary>
public static class JournalReader
{
    /// <summary>Reads all events in order. Writes nothing into the journal.</summary>
    /// <exception cref="JournalException">The journal does not exist, is damaged, or cannot be reached.</exception>
    public static async Task<IReadOnlyList<LedgerEvent>> ReadAsync(JournalSettings journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        JournalFile.Verify(journal);
        Config quiet = ConfigurationFactory.ParseString("akka { stdout-loglevel = OFF, loggers = [], loglevel = ERROR, coordinated-shutdown.run-by-clr-shutdown-hook = off }");
        ActorSystem system = ActorSystem.Create("distnet-audit", JournalConfiguration.ReadOnly(journal).WithFallback(quiet));
        try
        {
            TaskCompletionSource<IReadOnlyList<LedgerEvent>> events = new(TaskCreationOptions.RunContinuationsAsynchronously);
            system.ActorOf(Replay.Props(journal, events), "replay");
            return await events.Task.ConfigureAwait(false);
        }
        finally
        {
            await system.Terminate().ConfigureAwait(false);
        }
    }

    private sealed class Replay(JournalSettings journal, TaskCompletionSource<IReadOnlyList<LedgerEvent>> result) : LedgerActor(journal)
    {
        private readonly List<LedgerEvent> _events = [];

        public static Props Props(JournalSettings journal, TaskCompletionSource<IReadOnlyList<LedgerEvent>> result) =>
            Akka.Actor.Props.Create(() => new Replay(journal, result));

        protected override void Take(LedgerEvent entry) => _events.Add(entry); // as they are: whether they make sense is the audit's to say

        protected override void Recovered() => result.TrySetResult(_events);

        protected override void JournalFailed(JournalException failure) => result.TrySetException(failure);
    }
}
