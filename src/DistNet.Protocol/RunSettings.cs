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

    /// <summary>Whether this session goes on with one whose coordinator is gone; a run that its user
    /// resumes begins anew instead, with all it was ordered.</summary>
    public bool IsTakenOver { get; init; }

    /// <summary>How long the run waits for the members it needs before it gives up. Default: 60 seconds.</summary>
    public TimeSpan JoinDeadline { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>
    /// How long a cluster's run whose coordinator crashed waits, when nobody more comes, for as many members as it began with. Default: 10 seconds.
    /// </summary>
    public TimeSpan RegatherDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Whether members that are lost may be replaced by others, as nodes of a cluster are; otherwise losing the last one of a kind ends the run.
    /// </summary>
    public bool MembersReturn { get; init; }

    /// <summary>How long a run that has begun may get nowhere, whatever was tried, before it fails. Default: 10 minutes.</summary>
    /// <remarks>
    /// It gets nowhere when no step is made at all; or when none is made beyond the furthest of this session, and no checkpoint saved, while it goes
    /// back to its checkpoint <see cref="RollBacks"/> times. To replay steps for longer than this, once or twice, is no fault.
    /// </remarks>
    public TimeSpan StandstillDeadline { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How often steps may be undone without one beyond them, once
    /// <see cref="StandstillDeadline"/> has passed, before the run fails: 3 times.</summary>
    public const int RollBacks = 3;

    /// <summary>Most workers of a cluster at a time: the addresses of all of them go into one message. Further ones stand by.</summary>
    public const int MostWorkers = 400;

    /// <summary>Most parameter shards of a cluster: the addresses of all of them go into one message.</summary>
    public const int MostParameterShards = 400;

    /// <summary>Most bytes of all workers' addresses together, and of all shards', where nodes have long names: what a message between nodes holds.</summary>
    public const int MostAddressBytes = 60_000;

    /// <summary>Ticks come each second. A coordinator to which one comes later than this did not run meanwhile,
    /// so that every wait begins anew. Default: 30 seconds.</summary>
    public TimeSpan LongestTick { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a step may go without any shard moving before whoever it waits for is taken for lost. Default: 60 seconds.</summary>
    public TimeSpan StepDeadline { get; init; } = TimeSpan.FromSeconds(60);
}
