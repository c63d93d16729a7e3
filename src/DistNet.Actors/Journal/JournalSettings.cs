using Microsoft.Data.Sqlite;

namespace DistNet.Actors;

/// <summary>Where a run's ledger or a cluster's orders are kept: a SQLite file of their own, or a database server that all hosts of a cluster reach.</summary>
public sealed record JournalSettings
{
    /// <summary>linq2db's name for SQLite through Microsoft.Data.Sqlite.</summary>
    public const string SqliteProvider = "SQLite.MS";

    private const int BusyTimeoutSeconds = 5;
    private const string OrdersId = "cluster";

    private JournalSettings(string provider, string connectionString, string persistenceId, string? path) =>
        (Provider, ConnectionString, PersistenceId, Path) = (provider, connectionString, persistenceId, path);

    /// <summary>The database by linq2db's provider name, such as SQLite.MS or PostgreSQL.15.</summary>
    public string Provider { get; }

    /// <summary>How to reach it.</summary>
    public string ConnectionString { get; }

    /// <summary>Under which id the run's events lie in it. A file is its run's alone, so its events do not depend on the folder's name.</summary>
    public string PersistenceId { get; }

    /// <summary>The file, or null for a server.</summary>
    public string? Path { get; }

    /// <summary>What sentences call it: the path, or the provider; a connection string may hold a password.</summary>
    public string Name => Path ?? $"the {Provider} journal";

    /// <summary>A SQLite file, made when it is first used; its folder must exist.</summary>
    /// <param name="path">The file, usually <c>runs/RUN/journal.db</c>.</param>
    public static JournalSettings File(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new JournalSettings(SqliteProvider, Connection(path, SqliteOpenMode.ReadWriteCreate), "run", path);
    }

    /// <summary>A database that keeps the journals of several runs, and that every host of the coordinator's role reaches.</summary>
    /// <param name="provider">A linq2db provider name whose ADO.NET package is there: PostgreSQL.15 and its like.</param>
    /// <param name="connectionString">How to reach it; its tables are made at the first use.</param>
    /// <param name="runId">Which run.</param>
    public static JournalSettings Server(string provider, string connectionString, string runId)
    {
        ArgumentException.ThrowIfNullOrEmpty(provider);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        ArgumentException.ThrowIfNullOrEmpty(runId);
        return new JournalSettings(provider, connectionString, $"run-{runId}", null);
    }

    /// <summary>A SQLite file with a cluster's orders, which all its coordinators reach; made when it is first used; its folder must exist.</summary>
    /// <param name="path">The file, usually <c>runs/cluster.db</c>.</param>
    public static JournalSettings OrdersFile(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        return new JournalSettings(SqliteProvider, Connection(path, SqliteOpenMode.ReadWriteCreate), OrdersId, path);
    }

    /// <summary>A database with a cluster's orders, beside the ledgers of its runs. Each cluster needs a database of its own.</summary>
    /// <param name="provider">See <see cref="Server"/>.</param>
    /// <param name="connectionString">How to reach it.</param>
    public static JournalSettings OrdersServer(string provider, string connectionString)
    {
        ArgumentException.ThrowIfNullOrEmpty(provider);
        ArgumentException.ThrowIfNullOrEmpty(connectionString);
        return new JournalSettings(provider, connectionString, OrdersId, null);
    }

    /// <summary>The same journal, not to be written.</summary>
    internal JournalSettings ReadOnly() => Path is null ? this : new JournalSettings(Provider, Connection(Path, SqliteOpenMode.ReadOnly), PersistenceId, Path);

    private static string Connection(string path, SqliteOpenMode mode) => new SqliteConnectionStringBuilder
    {
        DataSource = path,
        Mode = mode,
        DefaultTimeout = BusyTimeoutSeconds, // how long a write waits for another process to let go of the file
        Pooling = false, // a pool would keep the file open after the run, and on Windows in nobody's hands to delete
    }.ToString();
}
