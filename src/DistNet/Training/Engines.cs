using DistNet.Neural;

namespace DistNet;

/// <summary>The engines by name.</summary>
internal static class Engines
{
    /// <summary>Coordinator, workers and parameter server.</summary>
    public const string Actors = "actors";

    /// <summary>One thread.</summary>
    public const string Plain = "plain";

    /// <summary>The engine of this process that the settings ask for.</summary>
    /// <param name="settings">Which engine, and its numbers.</param>
    /// <param name="error">Hears of trouble that the engine overcame.</param>
    /// <param name="time">The clock.</param>
    public static IEngine Create(EngineSettings settings, TextWriter error, TimeProvider time) =>
        settings.Engine == Plain ? new PlainEngine(time) : new ActorEngine(settings, error, time);

    /// <summary>The engine that a request asks for, in this process or in several.</summary>
    /// <param name="request">The request.</param>
    /// <param name="terminal">Hears of trouble that the engine overcame.</param>
    /// <param name="time">The clock.</param>
    public static IEngine Create(TrainRequest request, Terminal terminal, TimeProvider time) => request.Engine.IsCluster
        ? new LocalClusterEngine(request.Engine, request.Data, terminal.Notifier(request.Json), request.ChaosSeed)
        : Create(request.Engine, terminal.Error, time);
}
