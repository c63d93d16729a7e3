using Akka.Actor;
using Akka.Event;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>The nodes of a cluster: who is there, and which parameter shards live where. In one process none of it happens.</content>
public sealed partial class Coordinator
{
    // By address.
    private readonly Dictionary<string, IActorRef> _nodes = [];
    private ShardPlacement? _placement;

    // Why nodes take no part, by address.
    private readonly Dictionary<Address, string> _absent = [];

    private void ReceiveNodes()
    {
        _placement = _run.ParameterServers == 0 ? null : new ShardPlacement(_run.Settings.ParameterShards, _run.ParameterServers);
        Receive<NodeReady>(Join);
        Receive<NodeGone>(gone => Lose(gone.Tensors, "it is unreachable", rejoins: true));
        Receive<ReportLinkLoss>(loss => Lose(loss.Tensors, loss.Reason, rejoins: true));
        Receive<NodeFailed>(failed =>
        {
            _absent[Sender.Path.Address] = failed.Reason;
            Context.GetLogger().Warning("Node {0} takes no part in the run: {1}", Sender.Path.Address, failed.Reason);
        });
    }

    private string Absent() => string.Concat(_absent.Select(node => $" Node {node.Key} takes no part: {node.Value}"));

    private void Join(NodeReady node)
    {
        Sender.Tell(new NodeWelcome());
        _absent.Remove(Sender.Path.Address);
        if (_nodes.ContainsKey(node.Address))
            return;
        Lose(Addresses.TensorsOf(node.Address), "another process has taken its place", rejoins: false);
        _nodes.Add(node.Address, Sender);
        Context.Watch(Sender);
        if (node.TakesShards)
            Place(_placement!.NodeJoined(node.Address));
    }

    private bool LostNode(IActorRef actor)
    {
        if (_nodes.FirstOrDefault(node => node.Value.Equals(actor)).Key is not { } address)
            return false;
        Lose(Addresses.TensorsOf(address), "it has left", rejoins: false);
        return true;
    }

    // What is heard first of a node that is gone may be the end of any of its actors. Another node can take the shard, or this one when it is back.
    private bool LostNodeOf(int shard)
    {
        if (_placement is null)
            return false;
        Lose(Addresses.TensorsOf(_shardAddresses[shard]), $"its parameter shard {shard} has ended", rejoins: true);
        return true;
    }

    // A node that is there after all begins anew: nobody can know what it has missed.
    private void Lose(string tensors, string reason, bool rejoins)
    {
        foreach (string address in _nodes.Keys.Where(address => Addresses.TensorsOf(address) == tensors).ToArray())
        {
            Context.GetLogger().Warning("Node {0} is taken for lost: {1}", tensors, reason);
            _nodes.Remove(address, out IActorRef? node);
            Context.Unwatch(node);
            if (rejoins)
                node.Tell(new Rejoin());
            LoseMembers(address, tensors);
        }
    }

    private void LoseMembers(string address, string tensors)
    {
        foreach ((IActorRef worker, string itsAddress) in _workers.Where(worker => Addresses.TensorsOf(worker.Value) == tensors).ToArray())
        {
            Context.Unwatch(worker);
            _workers.Remove(worker);
            Do(_state.WorkerLost(itsAddress, Now));
        }
        foreach (int shard in _placement!.ShardsOf(address))
        {
            if (_shards.Remove(shard, out IActorRef? actor))
                Context.Unwatch(actor);
            Do(_state.ShardUnplaced(shard, Now));
        }
        Place(_placement.NodeLost(address));
    }

    // A shard's registration may still be under way when its node is taken for lost. That shard ends, and its end must not be taken for another's.
    private bool IsPlacedAt(RegisterShard shard) => _placement is null || _nodes.Keys.Any(
        node => Addresses.TensorsOf(node) == Addresses.TensorsOf(shard.Address) && _placement.ShardsOf(node).Contains(shard.Shard));

    private void Place(IReadOnlyList<(string Node, IReadOnlyList<int> Shards)> placements)
    {
        foreach ((string node, IReadOnlyList<int> shards) in placements)
            _nodes[node].Tell(new PlaceShards(shards.ToArray()));
    }
}

/// <summary>Run manager -> coordinator, in one process: a node does not answer any more.</summary>
/// <param name="Tensors">Where it took tensors.</param>
public sealed record NodeGone(string Tensors) : INoSerializationVerificationNeeded;
