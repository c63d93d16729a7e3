using System.CommandLine;
using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>Where the ledgers of runs are: in each run's folder, or in a database.</summary>
internal sealed class JournalOptions
{
    private const string FileName = "journal.db";

    private readonly Option<string?> _provider = CommandOptions.OptionalText("--journal-provider", "NAME", "linq2db's name of the database with the ledger [default: the run's journal.db]");
    private readonly Option<string?> _connection = CommandOptions.OptionalText("--journal-connection", "TEXT", "Connection string of that database");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_provider, _connection];

    /// <summary>The file that a run's ledger is kept in unless the user names a database.</summary>
    public static JournalSettings FileOf(RunFolder run) => JournalSettings.File(Path.Combine(run.Path, FileName));

    /// <summary>Where the ledger of a run is.</summary>
    /// <exception cref="UsageException">One option was given without the other.</exception>
    public Func<RunFolder, JournalSettings> Read(ParseResult parsed) => (parsed.GetValue(_provider), parsed.GetValue(_connection)) switch
    {
        (null, null) => FileOf,
        ({ } provider, { } connection) => run => JournalSettings.Server(provider, connection, run.Id),
        _ => throw new UsageException("--journal-provider and --journal-connection belong together; give both, or neither for the run's journal.db"),
    };
}
