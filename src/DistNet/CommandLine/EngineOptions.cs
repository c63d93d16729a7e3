using System.CommandLine;
using DistNet.Neural;

namespace DistNet;

/// <summary>The options that say how a run is made; none of them changes a bit of its result.</summary>
internal sealed class EngineOptions
{
    private const int Most = 1024; // a guard against typing errors: each of them is an actor, and each worker sums into vectors of its own

    private readonly Option<int> _workers =
        CommandOptions.Count("--workers", "N", 1, Environment.ProcessorCount, "Workers that compute gradients; any number gives the same bits", Most);
    private readonly Option<int?> _shards =
        CommandOptions.OptionalCount("--parameter-shards", "N", 1, "Parts the parameters are cut into; any number gives the same bits [default: as many as workers, at most one per processor]", Most);
    private readonly Option<int> _checkpointEvery =
        CommandOptions.Count("--checkpoint-every", "STEPS", 0, 0, "Steps between checkpoints; 0 for one after each epoch");
    private readonly Option<bool> _plain =
        CommandOptions.Switch("--plain", "Train on one thread without actors: the baseline, with the same bits");

    /// <summary>All of them, in the order of the help.</summary>
    public IReadOnlyList<Option> All => [_workers, _shards, _checkpointEvery, _plain];

    /// <summary>--workers and --parameter-shards alone.</summary>
    public IReadOnlyList<Option> Parallelism => [_workers, _shards];

    /// <summary>The settings asked for.</summary>
    /// <exception cref="UsageException">--plain does not go with several workers or shards.</exception>
    public EngineSettings Read(ParseResult parsed)
    {
        var checkpointEvery = parsed.GetValue(_checkpointEvery);
        if (!parsed.GetValue(_plain))
            return new EngineSettings(Engines.Actors, parsed.GetValue(_workers), Shards(parsed), checkpointEvery);
        if (parsed.IsGiven(_workers) && parsed.GetValue(_workers) > 1 || parsed.GetValue(_shards) > 1)
            throw new UsageException("--plain trains on one thread; leave out --workers and --parameter-shards, or --plain");
        return new EngineSettings(Engines.Plain, 1, 1, checkpointEvery);
    }

    // A shard without a worker on its thread would only move parameters from one core's caches to another's.
    private int Shards(ParseResult parsed) =>
        parsed.GetValue(_shards) ?? Math.Min(parsed.GetValue(_workers), Environment.ProcessorCount);
}
