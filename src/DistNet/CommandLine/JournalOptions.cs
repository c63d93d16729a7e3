using System.CommandLine;
using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>Where the ledgers of runs are: in each run's folder, or in a database.</summary>
internal sealed class JournalOptions
{
    private const string FileName = "journal.db";
    private const string OrdersName = "cluster.db";

    private readonly Option<string?> _provider = CommandOptions.OptionalText("--journal-provider", "NAME", "linq2db's name of the database with the ledger [default: the run's journal.db]");
    private readonly Option<string?> _connection = CommandOptions.OptionalText("--journal-connection", "TEXT", "Connection string of that database");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_provider, _connection];

    /// <summary>The file that a run's ledger is kept in unless the user names a database.</summary>
    public static JournalSettings FileOf(RunFolder run) => JournalSettings.File(Path.Combine(run.Path, FileName));

    /// <summary>Whether a run has that file.</summary>
    public static bool HasFile(RunFolder run) => File.Exists(Path.Combine(run.Path, FileName));

    /// <summary>Where a cluster's orders are.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="file">The file unless the user names a database; null for <c>cluster.db</c> in the folder of runs.</param>
    /// <param name="runsDirectory">Folder of the runs. The file's folder is made if it does not exist.</param>
    /// <exception cref="UsageException">One option was given without the other.</exception>
    /// <exception cref="JournalException">The file cannot be used.</exception>
    public JournalSettings Orders(ParseResult parsed, string? file, string runsDirectory)
    {
        if (Server(parsed) is { } server) return JournalSettings.OrdersServer(server.Provider, server.Connection);
        var path = file ?? Path.Combine(runsDirectory, OrdersName);
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        var orders = JournalSettings.OrdersFile(path);
        JournalFile.Prepare(orders);
        return orders;
    }

    /// <summary>Where the ledger of a run is.</summary>
    /// <exception cref="UsageException">One option was given without the other.</exception>
    public Func<RunFolder, JournalSettings> Read(ParseResult parsed) =>
        Server(parsed) is { } server ? run => JournalSettings.Server(server.Provider, server.Connection, run.Id) : FileOf;

    private (string Provider, string Connection)? Server(ParseResult parsed) => (parsed.GetValue(_provider), parsed.GetValue(_connection)) switch
    {
        (null, null) => null,
        ({ } provider, { } connection) => (provider, connection),
        _ => throw new UsageException("--journal-provider and --journal-connection belong together; give both, or neither for the run's journal.db"),
    };
}
