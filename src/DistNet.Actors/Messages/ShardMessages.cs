using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Parameter shard -> coordinator: here, without state. Sent at each start, so that a restart is noticed.</summary>
/// <param name="Shard">Its index.</param>
/// <param name="Address">Where it is.</param>
public sealed record RegisterShard(int Shard, string Address) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: take this state; <see cref="OpenShardGeneration"/> has it published.</summary>
/// <param name="Generation">Newer than all before.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="State">The shard copies it; nobody writes to it.</param>
/// <remarks>Goes through <see cref="ITensorLinks"/>. Lost: the shard does not step, and the coordinator's deadline brings another.</remarks>
public sealed record RestoreShard(Generation Generation, int Shard, ShardState State) : INoSerializationVerificationNeeded;

/// <summary>Coordinator -> parameter shard: a generation begins with these workers. Publish the version you are at to all of them.</summary>
/// <param name="Generation">Newer than all before, or the one just restored under.</param>
/// <param name="RestoredAt">The restore that gave all shards their state; a shard that missed it drops this.</param>
/// <param name="Workers">Addresses of the workers.</param>
/// <param name="IsLedgered">Whether the coordinator keeps a ledger and wants <see cref="ReportSteps"/>.</param>
public sealed record OpenShardGeneration(Generation Generation, Generation RestoredAt, IReadOnlyList<string> Workers, bool IsLedgered = false)
    : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: step up to a version; hand over a snapshot of another.</summary>
/// <param name="Generation">The coordinator's generation; dropped if the shard's is newer.</param>
/// <param name="RestoredAt">The restore that gave all shards their state.</param>
/// <param name="Until">No step beyond this version.</param>
/// <param name="SnapshotAt">Between the shard's version and <paramref name="Until"/>.</param>
public sealed record AdvanceShard(Generation Generation, Generation RestoredAt, long Until, long SnapshotAt) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: stop between two steps. Answered with <see cref="ShardHeld"/>.</summary>
/// <param name="RestoredAt">The restore that gave all shards their state.</param>
public sealed record HoldShard(Generation RestoredAt) : IProtocolMessage;

/// <summary>Parameter shard -> coordinator: holding at this version.</summary>
public sealed record ShardHeld(Generation Generation, int Shard, long Version) : IProtocolMessage;

/// <summary>Parameter shard -> coordinator: at this version now. Not sent for each step.</summary>
/// <param name="Generation">The shard's generation.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Version">Steps made.</param>
/// <param name="EpochStatistics">Over the epoch under way; at an epoch's last version, over all of it.</param>
public sealed record StepsReached(Generation Generation, int Shard, long Version, LossStatistics EpochStatistics) : IProtocolMessage;

/// <summary>Parameter shard -> coordinator: a copy of the shard's state at a version.</summary>
/// <param name="Generation">The shard's generation.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Offset">Where its range begins in the parameter vector.</param>
/// <param name="State">The copy, in the memory of <paramref name="Buffer"/>.</param>
/// <param name="Buffer">Released once the state is copied.</param>
/// <remarks>Goes through <see cref="ITensorLinks"/>.</remarks>
public sealed record ShardSnapshot(Generation Generation, int Shard, int Offset, ShardState State, TensorBuffer Buffer)
    : INoSerializationVerificationNeeded;

/// <summary>Parameter shard -> coordinator: the step from this version was refused, its gradient is not finite.</summary>
/// <param name="Generation">The shard's generation; one that was rolled back does not count.</param>
/// <param name="Version">The version that stays.</param>
/// <param name="Tensor">The tensor with the first such element.</param>
/// <param name="Worker">Whose sum it came from.</param>
public sealed record StepRefused(Generation Generation, long Version, string Tensor, string Worker) : IProtocolMessage;

/// <summary>Parameter shard -> every worker: the step has waited long for these nodes of its tree; whoever is idle, compute them too.</summary>
/// <param name="Generation">The shard's.</param>
/// <param name="Version">The version the step begins from.</param>
/// <param name="Nodes">What is missing, none larger than a worker's share.</param>
/// <remarks>
/// The first sum of a node that arrives counts, equal bits either way. Lost: asked again, after an interval that doubles. Late, twice, or at a worker
/// that is not idle: ignored.
/// </remarks>
public sealed record HelpWithMissing(Generation Generation, long Version, IReadOnlyList<TreeNode> Nodes) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: which micro-batch does your step lack? Answered with <see cref="MissingMicroBatch"/>.</summary>
public sealed record AskMissing : IProtocolMessage;

/// <summary>Parameter shard -> coordinator: the first micro-batch the step lacks, or -1 if none.</summary>
public sealed record MissingMicroBatch(Generation Generation, int Shard, long Version, int MicroBatch) : IProtocolMessage;
