using Microsoft.Data.Sqlite;

namespace DistNet.Actors;

/// <summary>Looks at a journal's file before actors depend on it, so that what is wrong with it is said at once and in one sentence.</summary>
public static class JournalFile
{
    /// <summary>Makes the file if there is none, and has SQLite write ahead of it, so that readers and the writer do not wait for each other.</summary>
    /// <param name="journal">A server's journal is left as it is.</param>
    /// <exception cref="JournalException">The file is damaged, is no database, is locked, or its folder cannot be written.</exception>
    public static void Prepare(JournalSettings journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (journal.Path is not null)
            Ask(journal, "PRAGMA journal_mode = wal; BEGIN IMMEDIATE; ROLLBACK", "cannot be used as a journal");
    }

    /// <summary>Checks the whole of a file that exists.</summary>
    /// <exception cref="JournalException">There is none, or it is damaged.</exception>
    internal static void Verify(JournalSettings journal)
    {
        if (journal.Path is null)
            return;
        if (!File.Exists(journal.Path))
            throw new JournalException($"{journal.Path} does not exist: the run kept no ledger; runs in a cluster do, others with --ledger");
        if (Ask(journal.ReadOnly(), "PRAGMA quick_check(1)", "cannot be read") is var verdict && verdict != "ok")
            throw new JournalException($"{journal.Path} is damaged: {verdict}");
    }

    private static string? Ask(JournalSettings journal, string question, string failure)
    {
        try
        {
            using SqliteConnection connection = new(journal.ConnectionString);
            connection.Open();
            using SqliteCommand command = connection.CreateCommand();
            command.CommandText = question;
            return command.ExecuteScalar()?.ToString();
        }
        catch (SqliteException fault)
        {
            throw JournalException.Of(journal, failure, fault);
        }
    }
}
