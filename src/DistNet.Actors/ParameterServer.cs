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

    /// <summary>Use <see cref="Props"/>.</summary>
    public ParameterServer(IReadOnlyList<ShardAssignment> assignments, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time, int computeThreads) =>
        (_assignments, _coordinator, _links, _store, _time, _computeThreads) = (assignments, coordinator, links, store, time, computeThreads);

    /// <summary>A parameter server with these shards.</summary>
    public static Props Props(IReadOnlyList<ShardAssignment> assignments, IActorRef coordinator, ITensorLinks links, ParameterStore store, TimeProvider time, int computeThreads) =>
        Akka.Actor.Props.Create(() => new ParameterServer(assignments, coordinator, links, store, time, computeThreads));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Supervision.RestartTenTimesAMinute();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        foreach (ShardAssignment assignment in _assignments)
            Context.ActorOf(
                ParameterShard.Props(assignment, _coordinator, _links, _store, _time).WithDispatcher(Dispatchers.Compute(assignment.Shard, _computeThreads)),
                $"shard-{assignment.Shard}");
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message) => Unhandled(message);
}
