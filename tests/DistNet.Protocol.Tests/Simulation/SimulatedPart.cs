namespace DistNet.Protocol.Tests.Simulation;

/// <summary>What one process has of a run: its parameters, workers and shards, since it last began. In one process, all there is.</summary>
/// <param name="address">Of the part: "place~process/run.beginning", or empty where there are no nodes.</param>
/// <param name="coordinator">The incarnation that it takes orders from.</param>
internal sealed class SimulatedPart(string address, SimulatedCoordinator coordinator)
{
    public string Address => address;

    public SimulatedCoordinator Coordinator => coordinator;

    /// <summary>The parameters that its members share.</summary>
    public SimulatedStore Store { get; } = new();

    public List<SimulatedWorker> Workers { get; } = [];

    /// <summary>By index, the shards that live here: what comes for others over the wire is refused.</summary>
    public Dictionary<int, SimulatedShard> Shards { get; } = [];
}
