using System.CommandLine;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet;

/// <summary>The options that say how a run is made; none of them changes a bit of its result.</summary>
internal sealed class EngineOptions
{
    private const int Most = 1024; // a guard against typing errors: each of them is an actor, and each worker sums into vectors of its own

    private readonly Option<int> _workers =
        CommandOptions.Count("--workers", "N", 1, Environment.ProcessorCount, "Workers that compute gradients; any number gives the same bits", Most);
    private readonly Option<int?> _shards =
        CommandOptions.OptionalCount(
            "--parameter-shards", "N", 1,
            "Parts the parameters are cut into; any number gives the same bits [default: as many as workers, at most one per processor]", Most);
    private readonly Option<int?> _nodes =
        CommandOptions.OptionalCount(
            "--nodes", "N", 1,
            "Worker processes, and a coordinator's, on this machine; any number gives the same bits [default: no cluster]", maximum: 64);
    private readonly Option<int?> _servers =
        CommandOptions.OptionalCount(
            "--parameter-servers", "P", 1,
            "Further processes that keep the parameters, beside --nodes [default: every worker process keeps an equal share]", maximum: 64);
    private readonly Option<bool> _tcp =
        CommandOptions.Switch("--tcp", "Send tensors between the processes of --nodes through TCP, as between machines, not through shared memory");
    private readonly Option<int?> _chaos =
        CommandOptions.OptionalCount(
            "--chaos", "SEED", 0,
            "Kill, pause and slow the processes of --nodes while they train, by a schedule drawn from the seed, and compare the weights with a calm run's");
    private readonly Option<int> _checkpointEvery =
        CommandOptions.Count("--checkpoint-every", "STEPS", 0, 0, "Steps between checkpoints; 0 for one after each epoch");
    private readonly Option<bool> _ledger =
        CommandOptions.Switch("--ledger", "Write down who computed what, for 'distnet audit'; it begins about two seconds later. With --nodes it always does");
    private readonly Option<bool> _plain =
        CommandOptions.Switch("--plain", "Train on one thread without actors: the baseline, with the same bits");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_workers, _shards, _nodes, _servers, _tcp, _chaos, _checkpointEvery, _ledger, _plain];

    /// <summary>--workers and --parameter-shards alone.</summary>
    public IReadOnlyList<Option> Parallelism => [_workers, _shards];

    /// <summary>What is to befall the cluster; null for nothing.</summary>
    public int? ChaosSeed(ParseResult parsed) => parsed.GetValue(_chaos);

    /// <summary>The settings asked for.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="resumed">The run to go on with, whose ledger goes on too, or null to begin one.</param>
    /// <exception cref="UsageException">--plain does not go with several workers or shards.</exception>
    public EngineSettings Read(ParseResult parsed, RunFolder? resumed)
    {
        var checkpointEvery = parsed.GetValue(_checkpointEvery);
        if (parsed.GetValue(_servers) is not null && parsed.GetValue(_nodes) is null)
            throw new UsageException("--parameter-servers belongs to a cluster; say with --nodes how many worker processes it has");
        if (parsed.GetValue(_chaos) is not null && parsed.GetValue(_nodes) is null)
            throw new UsageException("--chaos needs the processes of a cluster; say with --nodes how many");
        if (parsed.GetValue(_chaos) is not null && OperatingSystem.IsWindows())
            throw new UsageException("--chaos pauses processes, which Windows cannot; leave it out there");
        if (parsed.GetValue(_tcp) && parsed.GetValue(_nodes) is null)
            throw new UsageException("--tcp is about the processes of a cluster; say with --nodes how many");
        if (parsed.GetValue(_nodes) is { } nodes) return Cluster(parsed, nodes, checkpointEvery);
        if (!parsed.GetValue(_plain))
            return new EngineSettings(Engines.Actors, parsed.GetValue(_workers), Shards(parsed), checkpointEvery)
            {
                KeepsLedger = parsed.GetValue(_ledger) || (resumed is not null && JournalOptions.HasFile(resumed)),
            };
        if (parsed.GetValue(_ledger))
            throw new UsageException("--plain has no workers to write down; leave out --ledger, or --plain");
        if (parsed.IsGiven(_workers) && parsed.GetValue(_workers) > 1 || parsed.GetValue(_shards) > 1)
            throw new UsageException("--plain trains on one thread; leave out --workers and --parameter-shards, or --plain");
        return new EngineSettings(Engines.Plain, 1, 1, checkpointEvery);
    }

    private EngineSettings Cluster(ParseResult parsed, int nodes, int checkpointEvery)
    {
        if (parsed.GetValue(_plain)) throw new UsageException("--plain trains on one thread; leave out --nodes, or --plain");
        var servers = parsed.GetValue(_servers) ?? 0;
        var workers = parsed.IsGiven(_workers) ? parsed.GetValue(_workers) : nodes;
        if (workers % nodes != 0)
            throw new UsageException($"{workers} workers cannot be shared equally by {nodes} nodes; make --workers a multiple of --nodes");
        var shards = parsed.GetValue(_shards) ?? (servers > 0 ? servers : nodes);
        if (workers > RunSettings.MostWorkers || shards > RunSettings.MostParameterShards)
            throw new UsageException(
                $"a cluster has at most {RunSettings.MostWorkers} workers and {RunSettings.MostParameterShards} parameter shards, "
                + $"but {workers} and {shards} were asked for");
        return new EngineSettings(Engines.Actors, workers, shards, checkpointEvery)
        {
            IsCluster = true,
            KeepsLedger = true,
            Nodes = nodes + servers,
            ParameterServers = servers,
            SharesMemory = !parsed.GetValue(_tcp),
        };
    }

    // A shard without a worker on its thread would only move parameters from one core's caches to another's.
    private int Shards(ParseResult parsed) =>
        parsed.GetValue(_shards) ?? Math.Min(parsed.GetValue(_workers), Environment.ProcessorCount);
}
