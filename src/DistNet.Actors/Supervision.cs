using Akka.Actor;

namespace DistNet.Actors;

/// <summary>How parents treat children that crash.</summary>
internal static class Supervision
{
    /// <summary>Restart, whatever it was; give the child up when it crashes more than ten times a minute, which its watchers then hear.</summary>
    public static SupervisorStrategy RestartTenTimesAMinute() =>
        new OneForOneStrategy(maxNrOfRetries: 10, withinTimeRange: TimeSpan.FromMinutes(1), _ => Directive.Restart);
}

/// <summary>Names of the dispatchers in the configuration.</summary>
internal static class Dispatchers
{
    /// <summary>Threads that compute, at most one per core; heartbeats and control messages live elsewhere.</summary>
    public static int ComputeThreads(int workers, int parameterShards) =>
        Math.Min(Environment.ProcessorCount, Math.Max(workers, parameterShards));

    /// <summary>The compute dispatcher of the i-th worker and the i-th parameter shard: one thread, so that both find their memory in its core's caches.</summary>
    public static string Compute(int i, int threads) => $"distnet.compute-dispatcher-{i % threads}";

    /// <summary>The thread that reads and writes checkpoints and evaluates snapshots.</summary>
    public const string Storage = "distnet.storage-dispatcher";
}
