using DistNet.Neural;

namespace DistNet;

/// <summary>The engines by name.</summary>
internal static class Engines
{
    /// <summary>Coordinator, workers and parameter server.</summary>
    public const string Actors = "actors";

    /// <summary>One thread.</summary>
    public const string Plain = "plain";

    /// <summary>The engine that the settings ask for.</summary>
    /// <param name="settings">Which engine, and its numbers.</param>
    /// <param name="error">Hears of trouble that the engine overcame.</param>
    /// <param name="time">The clock.</param>
    /// <param name="chaosSeed">What befalls the processes of a cluster; null for nothing.</param>
    public static IEngine Create(EngineSettings settings, TextWriter error, TimeProvider time, int? chaosSeed = null) =>
        settings.Engine == Plain ? new PlainEngine(time)
        : settings.IsCluster ? new LocalClusterEngine(settings, error, chaosSeed)
        : new ActorEngine(settings, error, time);
}
