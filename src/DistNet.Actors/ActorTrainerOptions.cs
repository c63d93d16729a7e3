namespace DistNet.Actors;

/// <summary>How a run is spread over one process. Nothing here changes a bit of the result.</summary>
public sealed record ActorTrainerOptions
{
    /// <summary>Workers, at least 1. Default: one per processor.</summary>
    public int Workers { get; init; } = Environment.ProcessorCount;

    /// <summary>Parameter shards, at least 1. Default: one per processor.</summary>
    public int ParameterShards { get; init; } = Environment.ProcessorCount;

    /// <summary>Whether runs may be given a ledger; its library is not loaded otherwise. Default: no.</summary>
    public bool KeepsLedger { get; init; }

    /// <summary>Hears of warnings and errors of the actors, one sentence each. Default: nobody does.</summary>
    public Action<string>? Log { get; init; }
}
