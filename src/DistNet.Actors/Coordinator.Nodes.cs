using Akka.Actor;
using Akka.Event;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <content>The nodes of a cluster: who is there, and which parameter shards live where. In one process none of it happens.</content>
public sealed partial class Coordinator
{
    // Where each node that is watched takes tensors.
    private readonly Dictionary<IActorRef, string> _nodes = [];

    // Most nodes that took part at one time.
    private int _mostNodes;

    // Null in one process.
    private NodeRoster? _roster;

    // Why nodes take no part, by address.
    private readonly Dictionary<Address, string> _absent = [];

    private void ReceiveNodes()
    {
        _roster = _run.ParameterServers == 0 ? null : new NodeRoster(_run.Settings.ParameterShards, _run.ParameterServers);
        Receive<NodeReady>(Join);
        Receive<NodeGone>(gone => Lose(gone.Tensors, "it is unreachable"));
        Receive<ReportLinkLoss>(loss => Lose(loss.Tensors, loss.Reason));
        Receive<NodeFailed>(failed =>
        {
            _absent[Sender.Path.Address] = failed.Reason;
            Context.GetLogger().Warning("Node {0} takes no part in the run: {1}", Sender.Path.Address, failed.Reason);
        });
    }

    private string Absent() => string.Concat(_absent.Select(node => $" Node {node.Key} takes no part: {node.Value}"));

    private void Join(NodeReady node)
    {
        _absent.Remove(Sender.Path.Address);
        string place = Addresses.TensorsOf(node.Address);
        Do(_roster!.Ready(node.Address, place, node.Beginning, node.TakesShards));
        if (_roster.IsMember(node.Address, place) && _nodes.TryAdd(Sender, place))
            Context.Watch(Sender);
        _mostNodes = Math.Max(_mostNodes, _nodes.Count);
    }

    private bool LostNode(IActorRef actor)
    {
        if (!_nodes.TryGetValue(actor, out string? place))
            return false;
        Lose(place, "it has left");
        return true;
    }

    // What is heard first of a node that is gone may be the end of any of its actors. Another node can take the shard, or this one when it is back.
    private bool LostNodeOf(int shard)
    {
        if (_roster is null)
            return false;
        Lose(Addresses.TensorsOf(_shardAddresses[shard]), $"its parameter shard {shard} has ended");
        return true;
    }

    private void Lose(string place, string reason)
    {
        IReadOnlyList<NodeEffect> effects = _roster!.Lost(place);
        if (effects.Count > 0)
            Context.GetLogger().Warning("Node {0} is taken for lost: {1}", place, reason);
        Do(effects);
    }

    private void Do(IReadOnlyList<NodeEffect> effects)
    {
        foreach (NodeEffect effect in effects)
        {
            switch (effect)
            {
                case NodeLeft e: LoseMembers(e.Place, e.Shards); break;
                case BeginNodeAnew e: Context.System.Resolve(e.Node).Tell(new Rejoin(e.Beginning)); break;
                case PlaceShardsOn e: Context.System.Resolve(e.Node).Tell(new PlaceShards(e.Shards.ToArray())); break;
                default: throw new InvalidOperationException($"No way to do {effect}.");
            }
        }
    }

    private void LoseMembers(string place, IReadOnlyList<int> shards)
    {
        foreach (IActorRef node in _nodes.Where(node => node.Value == place).Select(node => node.Key).ToArray())
        {
            Context.Unwatch(node);
            _nodes.Remove(node);
        }
        KeyValuePair<IActorRef, string>[] workers = [.. _workers.Where(worker => Addresses.TensorsOf(worker.Value) == place)];
        foreach ((IActorRef worker, _) in workers)
        {
            Context.Unwatch(worker);
            _workers.Remove(worker);
        }
        Do(_state.WorkersLost([.. workers.Select(worker => worker.Value)], Now));
        foreach (int shard in shards)
        {
            if (_shards.Remove(shard, out IActorRef? actor))
                Context.Unwatch(actor);
            Do(_state.ShardUnplaced(shard, Now));
        }
    }

    private bool IsPlaced(RegisterShard shard) => _roster is null || _roster.ShardRegistered(shard.Shard, Addresses.TensorsOf(shard.Address));
}

/// <summary>Run manager -> coordinator, in one process: a node does not answer any more.</summary>
/// <param name="Tensors">Where it took tensors.</param>
public sealed record NodeGone(string Tensors) : INoSerializationVerificationNeeded;
