using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Parameter shard -> coordinator: here, without state. Sent at each start, so that a restart is noticed.</summary>
/// <param name="Shard">Its index.</param>
public sealed record RegisterShard(int Shard) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: take this state, and publish it under this generation.</summary>
/// <param name="Generation">Newer than all before.</param>
/// <param name="Checkpoint">The whole state; the shard copies its range.</param>
/// <remarks>Inside a process the checkpoint itself is handed over; nobody writes to it.</remarks>
public sealed record RestoreShard(Generation Generation, Checkpoint Checkpoint) : INoSerializationVerificationNeeded;

/// <summary>Coordinator -> parameter shard: a generation begins with these workers. Publish the version you are at to all of them.</summary>
/// <param name="Generation">Newer than all before, or the one just restored under.</param>
/// <param name="Workers">Addresses of the workers.</param>
public sealed record OpenShardGeneration(Generation Generation, IReadOnlyList<string> Workers) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: step up to a version; hand over a snapshot of another.</summary>
/// <param name="Generation">The coordinator's generation; dropped if the shard's is newer.</param>
/// <param name="Until">No step beyond this version.</param>
/// <param name="SnapshotAt">Between the shard's version and <paramref name="Until"/>.</param>
public sealed record AdvanceShard(Generation Generation, long Until, long SnapshotAt) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: stop between two steps. Answered with <see cref="ShardHeld"/>.</summary>
public sealed record HoldShard : IProtocolMessage;

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
/// <param name="Version">Of which version.</param>
/// <param name="Offset">Where its range begins in the parameter vector.</param>
/// <param name="Parameters">The range; released once it is copied.</param>
/// <param name="Slots">The optimizer's slots by name, as long as the range; released likewise.</param>
/// <param name="EpochStatistics">As of this version.</param>
public sealed record ShardSnapshot(
    Generation Generation,
    int Shard,
    long Version,
    int Offset,
    TensorBuffer Parameters,
    IReadOnlyDictionary<string, TensorBuffer> Slots,
    LossStatistics EpochStatistics) : INoSerializationVerificationNeeded
{
    /// <summary>Gives the buffers back.</summary>
    public void Release()
    {
        Parameters.Release();
        foreach (TensorBuffer slot in Slots.Values)
            slot.Release();
    }
}

/// <summary>Parameter shard -> coordinator: the step from this version was refused, its gradient is not finite.</summary>
/// <param name="Generation">The shard's generation; one that was rolled back does not count.</param>
/// <param name="Version">The version that stays.</param>
/// <param name="Tensor">The tensor with the first such element.</param>
/// <param name="Worker">Whose sum it came from.</param>
public sealed record StepRefused(Generation Generation, long Version, string Tensor, string Worker) : IProtocolMessage;

/// <summary>Coordinator -> parameter shard: which micro-batch does your step lack? Answered with <see cref="MissingMicroBatch"/>.</summary>
public sealed record AskMissing : IProtocolMessage;

/// <summary>Parameter shard -> coordinator: the first micro-batch the step lacks, or -1 if none.</summary>
public sealed record MissingMicroBatch(Generation Generation, int Shard, long Version, int MicroBatch) : IProtocolMessage;
