using DistNet.Neural;

namespace DistNet.Protocol;

/// <summary>Something the coordinator's state machine wants done; the actor does it, and brings back what comes of it as an event.</summary>
public abstract record RunEffect;

/// <summary>Read the newest checkpoint (or make the initial parameters); answer with <see cref="RunState.CheckpointLoaded"/>.</summary>
/// <param name="Generation">The generation that will begin with it.</param>
public sealed record LoadCheckpoint(Generation Generation) : RunEffect;

/// <summary>Put every shard at the checkpoint just loaded, under a new generation.</summary>
public sealed record RestoreShards(Generation Generation) : RunEffect;

/// <summary>The run ends at the checkpoint just loaded, and the shards are not put there: the steps they made after it are undone.</summary>
public sealed record UndoSteps(Generation Generation) : RunEffect;

/// <summary>Tell all members of a generation; worker <c>i</c> of <paramref name="Workers"/> holds lease <c>i</c>.</summary>
/// <param name="Generation">The generation.</param>
/// <param name="RestoredAt">The one whose restore gave the shards their state.</param>
/// <param name="Workers">Addresses.</param>
/// <param name="Shards">Addresses, by index.</param>
public sealed record OpenGeneration(Generation Generation, Generation RestoredAt, IReadOnlyList<string> Workers, IReadOnlyList<string> Shards) : RunEffect;

/// <summary>Let all shards step up to a version, and hand over a snapshot at another.</summary>
public sealed record AdvanceShards(Generation Generation, Generation RestoredAt, long Until, long SnapshotAt) : RunEffect;

/// <summary>Place the shards on the nodes that are there, though fewer have come than the run began with.</summary>
public sealed record SettleForFewer : RunEffect;

/// <summary>Have all shards stop where they are and say where that is.</summary>
public sealed record HoldShards(Generation Generation) : RunEffect;

/// <summary>Evaluate the snapshot on the validation examples; answer with <see cref="RunState.Evaluated"/>.</summary>
public sealed record EvaluateSnapshot(Generation Generation, long Version) : RunEffect;

/// <summary>Write the snapshot as a checkpoint; answer with <see cref="RunState.CheckpointSaved"/>.</summary>
public sealed record SaveCheckpoint(Generation Generation, long Version) : RunEffect;

/// <summary>Tell a worker that it holds no lease any more, for it was too slow or is gone; one that is there registers anew.</summary>
/// <param name="Worker">Its address.</param>
/// <param name="Reason">Which shard waits at which step for which micro-batch of it; null where the worker was told before, which may have been lost.</param>
public sealed record RevokeLease(string Worker, string? Reason) : RunEffect;

/// <summary>Ask the shards which micro-batches their step lacks; answer with <see cref="RunState.MissingReported"/>.</summary>
public sealed record AskForMissing(Generation Generation) : RunEffect;

/// <summary>Steps were made.</summary>
public sealed record ShowProgress(TrainingProgress Progress) : RunEffect;

/// <summary>An epoch is complete.</summary>
public sealed record ShowEpoch(EpochReport Report) : RunEffect;

/// <summary>The run is over; the last snapshot holds its parameters.</summary>
public sealed record FinishRun(TrainingEnd End) : RunEffect;

/// <summary>The run cannot go on.</summary>
/// <param name="Reason">One sentence for the user.</param>
/// <param name="IsNonFinite">Whether a gradient was not finite.</param>
public sealed record FailRun(string Reason, bool IsNonFinite = false) : RunEffect;
