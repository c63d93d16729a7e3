using Akka.Configuration;

namespace DistNet.Actors;

/// <summary>Names of the dispatchers in the configuration.</summary>
internal static class Dispatchers
{
    /// <summary>Threads that compute, at most one per core; heartbeats and control messages live elsewhere.</summary>
    public static int ComputeThreads(int workers, int parameterShards) =>
        Math.Min(Environment.ProcessorCount, Math.Max(workers, parameterShards));

    /// <summary>The compute dispatcher of the i-th worker and the i-th parameter shard: one thread, so
    /// that both find their memory in its core's caches.</summary>
    public static string Compute(int i, int threads) => $"distnet.compute-dispatcher-{i % threads}";

    /// <summary>Settings of all of them.</summary>
    /// <param name="computeThreads">As <see cref="ComputeThreads"/> says.</param>
    /// <param name="spinTurns">Microseconds that an idle compute thread looks for work before it sleeps.</param>
    public static Config Configuration(int computeThreads, int spinTurns = ComputeExecutor.UsualSpinTurns)
    {
        string compute = string.Concat(Enumerable.Range(0, computeThreads).Select(i => $$"""
            {{Compute(i, computeThreads)}} { type = Dispatcher, throughput = 1, spin-turns = {{spinTurns}}, executor = "{{typeof(ComputeExecutorConfigurator).AssemblyQualifiedName}}" }

            """));
        return ConfigurationFactory.ParseString($$"""
            # Reads, writes and evaluates snapshots; blocks without harm.
            {{Storage}} { type = PinnedDispatcher }

            {{compute}}
            """);
    }

    /// <summary>The thread that reads and writes checkpoints and evaluates snapshots.</summary>
    public const string Storage = "distnet.storage-dispatcher";
}
