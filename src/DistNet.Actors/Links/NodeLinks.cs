using System.Collections.Concurrent;
using Akka.Actor;
using DistNet.Actors.Transport;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>A run's links on one node of a cluster: to actors of this process the message itself, to those of others a frame.</summary>
/// <param name="system">This node's actors.</param>
/// <param name="transport">Carries the frames.</param>
/// <param name="run">The coordinator's incarnation, which every frame names.</param>
/// <param name="shards">The run's shards, by index.</param>
/// <param name="coordinator">Address of the coordinator.</param>
/// <param name="store">This node's parameters; null on a node without workers and shards.</param>
public sealed class NodeLinks(
    ActorSystem system, TensorTransport transport, long run, IReadOnlyList<ShardAssignment> shards, string coordinator, ParameterStore? store) : ITensorLinks
{
    private readonly string _tensors = transport.Address.ToString();
    private readonly ConcurrentDictionary<int, RemoteShardLink> _remoteShards = new();

    // The shards that live here, whose frames are taken, and where their payloads go.
    private readonly ConcurrentDictionary<int, IActorRef> _localShards = new();
    private readonly ConcurrentDictionary<int, TensorPool> _pools = new();
    private readonly MappedVectors _mapped = new();

    private volatile IReadOnlyList<IActorRef> _localWorkers = [];

    // Guards the store's change to a new generation: frames of several nodes come at once.
    private readonly Lock _gate = new();
    private Generation _published;

    /// <summary>The coordinator's incarnation.</summary>
    public long Run => run;

    /// <summary>The workers of this node, which hear what other nodes' shards publish.</summary>
    public void SetWorkers(IReadOnlyList<IActorRef> workers) => _localWorkers = workers;

    /// <inheritdoc/>
    public TensorPool NewPool(int length) => new(length, transport.SharesMemory);

    /// <inheritdoc/>
    public void ShardIsHere(int shard, IActorRef actor) => _localShards[shard] = actor;

    /// <inheritdoc/>
    public string AddressFor(IActorRef actor) => Addresses.Join(actor.Address(system), _tensors);

    /// <inheritdoc/>
    public IGradientLink ToShard(int shard, LeaseMicroBatches lease)
    {
        ArgumentNullException.ThrowIfNull(lease);
        string address = lease.Shards[shard];
        if (IsHere(address))
            return new ActorLink(system.Resolve(address));
        RemoteShardLink link = _remoteShards.GetOrAdd(shard, index => new RemoteShardLink(transport, run, shards[index]));
        link.Open(lease.Generation, lease.NodeLease, TensorsOf(address));
        return link;
    }

    /// <inheritdoc/>
    public IReadOnlyList<IParameterLink> ToWorkers(ShardAssignment shard, IReadOnlyList<string> workers)
    {
        IEnumerable<IParameterLink> here = workers.Where(IsHere).Select(worker => new ActorLink(system.Resolve(worker)));
        IEnumerable<IParameterLink> elsewhere = workers.Where(worker => !IsHere(worker)).Select(TensorsOf).Distinct()
            .Select(node => new RemoteNodeLink(transport, node, run, shard, store!));
        return [.. elsewhere, .. here]; // the wire takes longer
    }

    /// <inheritdoc/>
    public void Restore(string address, RestoreShard restore)
    {
        ArgumentNullException.ThrowIfNull(restore);
        if (IsHere(address))
        {
            system.Resolve(address).Tell(restore);
            return;
        }
        ShardState state = restore.State;
        Send(TensorsOf(address), FrameKind.Restore, restore.Generation, restore.Shard, state, [state.Parameters, .. state.Slots.Values], null);
    }

    /// <inheritdoc/>
    public void HandOver(ShardSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        if (IsHere(coordinator))
            system.Resolve(coordinator).Tell(snapshot);
        else
            Send(TensorsOf(coordinator), FrameKind.Snapshot, snapshot.Generation, snapshot.Shard, snapshot.State,
                [snapshot.State.Parameters, .. snapshot.State.Slots.Values], snapshot.Buffer);
    }

    /// <summary>Whether a frame may come in, and where its tensor goes.</summary>
    /// <param name="kind">One of <see cref="FrameKind"/>.</param>
    /// <param name="label">Of this run.</param>
    /// <param name="length">Elements of the tensor.</param>
    /// <param name="target">The memory, and the buffer it belongs to if there is one.</param>
    internal bool TryAccept(byte kind, in FrameLabel label, int length, out PayloadTarget target)
    {
        target = default;
        if ((uint)label.Shard >= (uint)shards.Count)
            return false;
        ShardAssignment shard = shards[label.Shard];
        int expected = kind switch
        {
            FrameKind.Snapshot or FrameKind.Restore => shard.Length * (1 + shard.SlotCount),
            FrameKind.SharedGradientSum or FrameKind.SharedParameters => 0,
            _ => shard.Length,
        };
        if (length != expected)
            throw new InvalidDataException($"A tensor of parameter shard {label.Shard} has {length} elements; {expected} were expected.");
        switch (kind)
        {
            case FrameKind.Parameters when store is not null && !_localShards.ContainsKey(label.Shard):
            case FrameKind.GradientSum or FrameKind.Restore when _localShards.ContainsKey(label.Shard):
            case FrameKind.Snapshot when IsHere(coordinator):
                TensorBuffer buffer = _pools.GetOrAdd(length, static elements => new TensorPool(elements)).Rent(holders: 1);
                target = PayloadTarget.Of(buffer.Memory, buffer);
                return true;
            case FrameKind.SharedParameters when store is not null && !_localShards.ContainsKey(label.Shard):
            case FrameKind.SharedGradientSum:
                target = PayloadTarget.Of(Memory<float>.Empty);
                return true;
            default:
                return false;
        }
    }

    /// <summary>A tensor is here: whom it concerns hears of it.</summary>
    internal void Complete(byte kind, in FrameLabel label, in PayloadTarget target, in SharedTensor tensor)
    {
        switch (kind)
        {
            case FrameKind.Parameters when Receive(label, (TensorBuffer)target.Owner!):
            case FrameKind.SharedParameters when Receive(label, tensor):
                ParametersPublished published = new(label.Generation, label.Shard, label.Version);
                foreach (IActorRef worker in _localWorkers)
                    worker.Tell(published);
                break;
            case FrameKind.GradientSum:
                PassOn(label, (TensorBuffer)target.Owner!, shards[label.Shard].Offset);
                break;
            case FrameKind.SharedGradientSum:
                PassOn(label, TensorBuffer.Borrow(Map(label, tensor)), tensor.First);
                break;
            case FrameKind.Restore when _localShards.TryGetValue(label.Shard, out IActorRef? shard):
                shard.Tell(new RestoreShard(label.Generation, label.Shard, StateIn((TensorBuffer)target.Owner!, label)));
                break; // its memory goes to the collector: a restore is rare, and the shard copies it whenever it gets to it
            case FrameKind.Snapshot:
                TensorBuffer buffer = (TensorBuffer)target.Owner!;
                system.Resolve(coordinator).Tell(new ShardSnapshot(label.Generation, label.Shard, shards[label.Shard].Offset, StateIn(buffer, label), buffer));
                break;
            default:
                Abandon(target);
                break;
        }
    }

    /// <summary>A tensor that was to come does not.</summary>
    internal static void Abandon(in PayloadTarget target) => ((TensorBuffer?)target.Owner)?.Release();

    private static TensorAddress TensorsOf(string address) => TensorAddress.Parse(Addresses.TensorsOf(address));

    private bool IsHere(string address) => Addresses.TensorsOf(address) == _tensors;

    private void PassOn(in FrameLabel label, TensorBuffer sum, int offset)
    {
        if (_localShards.TryGetValue(label.Shard, out IActorRef? shard))
            shard.Tell(new PushGradientSum(label.Generation, label.Version, label.Node, label.Text, label.Statistics, sum, offset));
        else
            sum.Release();
    }

    // Copied when it is whole, not received in place: a sender that was paused in the middle of a frame may go on when its successor's ranges are there.
    private bool Receive(in FrameLabel label, TensorBuffer range)
    {
        lock (_gate)
        {
            if (!IsExpected(label))
                return false;
            int offset = shards[label.Shard].Offset;
            store!.Own(label.Version, offset, range.Span.Length);
            range.Span.CopyTo(store.Receive(label.Version, offset, range.Span.Length).Span);
        }
        range.Release();
        return true;
    }

    // What has changed meanwhile is of a version that all have left.
    private bool Receive(in FrameLabel label, in SharedTensor tensor)
    {
        SharedVector vector = Map(label, tensor);
        ShardAssignment shard = shards[label.Shard];
        lock (_gate)
        {
            if (!IsExpected(label))
                return false;
            if (!store!.TryShow(label.Version, vector, tensor.Changes, shard.Offset, shard.Length))
                vector.GetSpan().Slice(shard.Offset, shard.Length).CopyTo(store.Receive(label.Version, shard.Offset, shard.Length).Span);
            Interlocked.MemoryBarrier();
            return vector.Changes == tensor.Changes;
        }
    }

    // A shard that lives here now may have lived elsewhere, and its frames be late. The first frame of a generation says where the shards are, which may
    // be further back.
    private bool IsExpected(in FrameLabel label)
    {
        if (label.Generation < _published || _localShards.ContainsKey(label.Shard))
            return false;
        if (label.Generation > _published)
            store!.BeginAnew(label.Generation, label.Version);
        _published = label.Generation;
        return store!.Expects(label.Generation, label.Version);
    }

    private SharedVector Map(in FrameLabel label, in SharedTensor tensor)
    {
        ShardAssignment shard = shards[label.Shard];
        bool covers = tensor.First >= 0 && tensor.First <= shard.Offset && shard.Offset + shard.Length <= (long)tensor.First + tensor.Length;
        if (covers && (tensor.Length == shard.Length || (tensor.Length == store?.ParameterCount && tensor.First == 0)))
            return _mapped.Open(tensor);
        throw new InvalidDataException(
            $"A vector of {tensor.Length} elements from parameter {tensor.First} on does not hold the range of parameter shard {label.Shard}.");
    }

    private ShardState StateIn(TensorBuffer buffer, in FrameLabel label)
    {
        int length = shards[label.Shard].Length;
        string[] slots = label.Text.Split(',', StringSplitOptions.RemoveEmptyEntries);
        return new ShardState(
            label.Version,
            label.Statistics,
            buffer.Memory[..length],
            Enumerable.Range(0, slots.Length).ToDictionary(i => slots[i], i => (ReadOnlyMemory<float>)buffer.Memory.Slice((i + 1) * length, length)));
    }

    // The states of all shards that live on a node go to it at once; the checkpoint they are of, and the copies of a snapshot, are there anyway.
    private void Send(
        TensorAddress to, byte kind, Generation generation, int shard, ShardState state, ReadOnlySpan<ReadOnlyMemory<float>> payload, TensorBuffer? held)
    {
        FrameLabel label = new(run, generation, shard, state.Version, default, state.EpochStatistics, string.Join(',', state.Slots.Keys));
        Span<byte> metadata = stackalloc byte[FrameLabel.MaxBytes];
        transport.SendKept(to, kind, label.Write(metadata), payload, static buffer => ((TensorBuffer?)buffer)?.Release(), held);
    }
}
