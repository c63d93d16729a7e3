using Akka.Actor;

namespace DistNet.Actors;

/// <summary>One on each parameter-server node: the parent of its parameter shards, which it restarts when they crash.</summary>
/// <remarks>A restarted shard has lost its range; it registers anew, and the coordinator takes all shards back to the newest checkpoint.</remarks>
public sealed class ParameterServer : UntypedActor
{
    private readonly IReadOnlyList<ShardAssignment> _assignments;
    private readonly IActorRef _coordinator;
    private readonly ITensorLinks _links;
    private readonly ParameterStore _store;
    private readonly TimeProvider _time;
    private readonly int _computeThreads;

    // Shards so far; the next one takes the next thread.
    private int _placed;

    /// <summary>Use <see cref="Props"/>.</summary>
    public ParameterServer(IReadOnlyList<ShardAssignment> assignments, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time, int computeThreads) =>
        (_assignments, _coordinator, _links, _store, _time, _computeThreads) = (assignments, coordinator, links, store, time, computeThreads);

    /// <summary>A parameter server of a run that is cut into these ranges; <see cref="PlaceShards"/> says which are its own.</summary>
    public static Props Props(IReadOnlyList<ShardAssignment> assignments, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time, int computeThreads) =>
        Akka.Actor.Props.Create(() => new ParameterServer(assignments, coordinator, links, store, time, computeThreads));

    // Memory that is not there for one shard is its node's trouble, which can say so.
    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Supervision.RestartTenTimesAMinute(whenLasting: Directive.Escalate);

    /// <inheritdoc/>
    protected override void OnReceive(object message)
    {
        if (message is PlaceShards place)
            Place(place.Shards);
        else
            Unhandled(message);
    }

    // Those that are here already stay.
    private void Place(IEnumerable<int> shards)
    {
        foreach (int shard in shards.Where(shard => Context.Child(Name(shard)).IsNobody()))
        {
            Props props = ParameterShard.Props(_assignments[shard], _coordinator, _links, _store, _time);
            _links.ShardIsHere(shard, Context.ActorOf(props.WithDispatcher(Dispatchers.Compute(_placed++, _computeThreads)), Name(shard)));
        }
    }

    private static string Name(int shard) => $"shard-{shard}";
}
