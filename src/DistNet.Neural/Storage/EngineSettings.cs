namespace DistNet.Neural;

/// <summary>How a run is carried out; changes its speed, never its bits.</summary>
/// <param name="Engine">"actors" or "plain".</param>
/// <param name="Workers">Worker actors; 1 for the plain engine.</param>
/// <param name="ParameterShards">Ranges that the parameter vector is cut into; 1 for the plain engine.</param>
/// <param name="CheckpointEvery">Steps between checkpoints; 0 writes one at the end of each epoch.</param>
public sealed record EngineSettings(string Engine, int Workers, int ParameterShards, int CheckpointEvery)
{
    /// <summary>Processes that compute or keep parameters; 1 without a cluster.</summary>
    public int Nodes { get; init; } = 1;

    /// <summary>Whether processes of their own take part.</summary>
    public bool IsCluster { get; init; }

    /// <summary>Whether the run writes down who computed what; clusters always do, the plain engine never.</summary>
    public bool KeepsLedger { get; init; }

    /// <summary>Those of them that only keep parameters; 0 where every one does both.</summary>
    public int ParameterServers { get; init; }

    /// <summary>Whether the processes of a cluster on one machine hand tensors over in memory, where the system can; otherwise through TCP.</summary>
    public bool SharesMemory { get; init; } = true;
}
