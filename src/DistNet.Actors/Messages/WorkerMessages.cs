using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Coordinator -> worker: a generation begins, and this is the worker's share of each of its steps.</summary>
/// <param name="Generation">Newer than all before.</param>
/// <param name="Lease">Which micro-batches of each step.</param>
/// <param name="NodeLease">The shares of all workers of this worker's node, as one.</param>
/// <param name="Shards">Addresses of the parameter shards, by index.</param>
/// <remarks>Lost: the shards make no progress without this worker's sums, and the coordinator opens
/// another generation. Late or twice: ignored by its number.</remarks>
public sealed record LeaseMicroBatches(Generation Generation, Lease Lease, NodeLease NodeLease, IReadOnlyList<string> Shards) : IProtocolMessage;

/// <summary>Coordinator -> worker: your lease is another's. A worker that is there after all registers anew.</summary>
/// <remarks>Repeated each second until it does. Twice, or to a worker that has no lease: no effect.</remarks>
public sealed record LeaseRevoked : IProtocolMessage;

/// <summary>Parameter shard -> worker: the shard's range of a version is in the process's <see cref="ParameterStore"/>.</summary>
/// <param name="Generation">The generation the shard is in.</param>
/// <param name="Shard">Which shard.</param>
/// <param name="Version">The version.</param>
/// <remarks>Twice: no effect. Of an older generation: dropped.</remarks>
public sealed record ParametersPublished(Generation Generation, int Shard, long Version) : IProtocolMessage;

/// <summary>Worker -> coordinator: here, without a lease. Sent at each start, so that a restart is noticed.</summary>
/// <param name="Address">Where it is.</param>
public sealed record RegisterWorker(string Address) : IProtocolMessage;

/// <summary>Worker -> parameter shard: the gradient sum of a node of the reduction tree for one step.</summary>
/// <param name="Generation">The generation of the worker's lease.</param>
/// <param name="Version">Version of the parameters it was computed from.</param>
/// <param name="Node">Which micro-batches the sum covers; counted at most once.</param>
/// <param name="Worker">Address of who computed it, for the ledger and for errors; of the first where a node added the sums of several.</param>
/// <param name="Statistics">Loss and correct answers over the node's examples.</param>
/// <param name="Sum">Sum, not mean, of dLoss/dParameters; each shard reads its range and releases it once.</param>
/// <param name="Offset">Which parameter the sum begins with: 0 for the whole vector, as it is inside a
/// process; the shard's first for a range that came over a wire.</param>
/// <remarks>Goes through <see cref="ITensorLinks"/>: inside a process the buffer itself is handed over.
/// Late or duplicate: released, counted, not added.</remarks>
public sealed record PushGradientSum(
    Generation Generation, long Version, TreeNode Node, string Worker, LossStatistics Statistics, TensorBuffer Sum, int Offset = 0)
    : INoSerializationVerificationNeeded
{
    /// <summary>A part of the sum.</summary>
    /// <param name="start">First parameter, from the beginning of the whole vector.</param>
    /// <param name="length">Parameters.</param>
    public ReadOnlySpan<float> Range(int start, int length) => Sum.Span.Slice(start - Offset, length);
}
