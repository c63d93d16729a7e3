namespace DistNet.Protocol;

/// <summary>How a run is spread out and how long it waits; nothing in it changes a bit of the result.</summary>
public sealed record RunSettings
{
    /// <summary>Workers to wait for before the first step, at least 1.</summary>
    public required int Workers { get; init; }

    /// <summary>Parameter shards, at least 1; all of them are needed.</summary>
    public required int ParameterShards { get; init; }

    /// <summary>The newest generation of the run's earlier sessions; this one begins with the next. Default: none, for a run that begins.</summary>
    public Generation NewestGeneration { get; init; }

    /// <summary>How long the run waits for the members it needs before it gives up. Default: 60 seconds.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether members that are lost may be replaced by others, as nodes of a cluster are; otherwise losing the last one of a kind ends the run.</summary>
    public bool MembersReturn { get; init; }

    /// <summary>How long a step may go without any shard moving before whoever it waits for is taken for lost. Default: 60 seconds.</summary>
    public TimeSpan StepDeadline { get; init; } = TimeSpan.FromSeconds(60);
}
