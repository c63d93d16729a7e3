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
    public static IEngine Create(EngineSettings settings, TimeProvider time) =>
        settings.Engine == Plain ? new PlainEngine(time) : throw new UsageException("this build has no actors yet; add --plain");
}
