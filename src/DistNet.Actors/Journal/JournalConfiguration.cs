using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Akka.Actor;
using Akka.Configuration;
using Akka.Persistence.Sql;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The settings with which an actor system persists <see cref="LedgerEvent"/>s and <see cref="OrderEvent"/>s.</summary>
public static class JournalConfiguration
{
    private static int _installed;

    // By database: a system keeps a journal until it ends, and the ledgers of many runs lie in one database.
    private static readonly ConditionalWeakTable<ActorSystem, ConcurrentDictionary<(string Provider, string Connection), string>> s_plugins = [];

    /// <summary>Settings to be put before the system's own.</summary>
    /// <param name="journal">Where the events go.</param>
    public static Config Of(JournalSettings journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        return Of(journal, creates: true);
    }

    /// <summary>Settings of a system that is to write journals it does not know yet: see <see cref="Install"/>.</summary>
    public static Config OfWriter { get; } = ConfigurationFactory.ParseString(Writer).WithFallback(SqlPersistence.DefaultConfiguration);

    /// <summary>Tells a running system, one with <see cref="OfWriter"/>, of a journal.</summary>
    /// <returns>The plugin id by which a persistent actor names it.</returns>
    internal static string Install(ActorSystem system, JournalSettings journal) =>
        s_plugins.GetOrCreateValue(system).GetOrAdd((journal.Provider, journal.ConnectionString), _ => InstallNew(system, journal));

    private static string InstallNew(ActorSystem system, JournalSettings journal)
    {
        string id = $"distnet-journal-{Interlocked.Increment(ref _installed)}";
        Config defaults = SqlPersistence.DefaultConfiguration.GetConfig("akka.persistence.journal.sql");
        Config plugin = ConfigurationFactory.ParseString(Sql(journal, creates: true)).WithFallback(defaults);
        system.Settings.InjectTopLevelFallback(plugin.Root.AtKey(id));
        return id;
    }

    /// <summary>Settings to read a journal that exists.</summary>
    internal static Config ReadOnly(JournalSettings journal) => Of(journal.ReadOnly(), creates: false);

    private static Config Of(JournalSettings journal, bool creates) => ConfigurationFactory.ParseString($$"""
        akka.persistence {
          journal.plugin = "akka.persistence.journal.sql"
          journal.sql { {{Sql(journal, creates)}} }
        }
        """).WithFallback(OfWriter);

    // One writer, because SQLite has one; no tags, so no table for them. A recovery that stands still fails in seconds. What failed is tried again
    // after 5 s, by then the breaker must let it through.
    private static string Sql(JournalSettings journal, bool creates) => $$"""
        provider-name = "{{Escape(journal.Provider)}}"
        connection-string = "{{Escape(journal.ConnectionString)}}"
        auto-initialize = {{(creates ? "on" : "off")}}
        warn-on-auto-init-fail = off
        tag-write-mode = Csv
        parallelism = 1
        plugin-dispatcher = distnet.journal-dispatcher
        materializer-dispatcher = distnet.journal-dispatcher
        recovery-event-timeout = 30s
        circuit-breaker { max-failures = 1, call-timeout = 15s, reset-timeout = 3s }

        """;

    // A ledger has no snapshots. Akka's default would make a folder for them where the process was started, and wait where it may not.
    // Microsoft.Data.Sqlite blocks its caller: the journal has threads of its own, so that a slow disk holds up no heartbeat.
    private static string Writer => $$"""
        akka.actor {
          serializers { distnet-ledger = "{{Name(typeof(LedgerSerializer))}}", distnet-orders = "{{Name(typeof(OrderSerializer))}}" }
          serialization-identifiers {
            "{{Name(typeof(LedgerSerializer))}}" = {{LedgerSerializer.Id}}
            "{{Name(typeof(OrderSerializer))}}" = {{OrderSerializer.Id}}
          }
          serialization-bindings { "{{Name(typeof(LedgerEvent))}}" = distnet-ledger, "{{Name(typeof(OrderEvent))}}" = distnet-orders }
        }
        akka.persistence.snapshot-store.plugin = "akka.persistence.no-snapshot-store"
        distnet.journal-dispatcher {
          type = ForkJoinDispatcher
          throughput = 10
          dedicated-thread-pool { thread-count = 2, threadtype = background }
        }
        """;

    private static string Name(Type type) => $"{type.FullName}, {type.Assembly.GetName().Name}";

    private static string Escape(string text) => text.Replace(@"\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal);
}
