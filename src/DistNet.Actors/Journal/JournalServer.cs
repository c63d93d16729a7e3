using System.Data.Common;
using LinqToDB;
using LinqToDB.Data;

namespace DistNet.Actors;

/// <summary>Asks whether a journal's server is there, before actors depend on it that cannot lead without it.</summary>
public static class JournalServer
{
    // Longer than a server takes to answer one that it knows, whatever its own driver's patience is.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    /// <summary>Connects to the server, and leaves it.</summary>
    /// <param name="journal">A file's journal is passed over.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="JournalException">It does not answer, or lets nobody in.</exception>
    public static async Task ReachAsync(JournalSettings journal, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.Path is not null)
            return;
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Deadline);
        try
        {
            using DataConnection connection = new(new DataOptions().UseConnectionString(journal.Provider, journal.ConnectionString));
            using DbConnection open = await connection.OpenDbConnectionAsync(patience.Token).ConfigureAwait(false);
        }
        catch (DbException fault)
        {
            throw JournalException.Of(journal, "does not answer", fault);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw JournalException.Of(journal, "does not answer", new TimeoutException($"it was waited for {Deadline.TotalSeconds:0} seconds"));
        }
    }
}
