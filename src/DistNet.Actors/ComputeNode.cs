using Akka.Actor;

namespace DistNet.Actors;

/// <summary>What runs in one process of a run: its workers and, where it owns parameters, its parameter server.</summary>
public sealed class ComputeNode : UntypedActor
{
    private readonly Props _parameterServer;
    private readonly Props _worker;
    private readonly int _workerCount;
    private readonly int _computeThreads;
    private readonly int[] _shards;

    /// <summary>Use <see cref="Props"/>.</summary>
    public ComputeNode(Props parameterServer, int shardCount, Props worker, int workerCount, int computeThreads)
    {
        (_parameterServer, _worker, _workerCount, _computeThreads) = (parameterServer, worker, workerCount, computeThreads);
        _shards = [.. Enumerable.Range(0, shardCount)];
    }

    /// <summary>A node with a parameter server and a number of workers.</summary>
    public static Props Props(Props parameterServer, int shardCount, Props worker, int workerCount, int computeThreads) =>
        Akka.Actor.Props.Create(() => new ComputeNode(parameterServer, shardCount, worker, workerCount, computeThreads));

    /// <inheritdoc/>
    protected override SupervisorStrategy SupervisorStrategy() => Supervision.RestartTenTimesAMinute();

    /// <inheritdoc/>
    protected override void PreStart()
    {
        Context.ActorOf(_parameterServer, "parameter-server").Tell(new PlaceShards(_shards));
        for (int i = 0; i < _workerCount; i++)
            Context.ActorOf(_worker.WithDispatcher(Dispatchers.Compute(i, _computeThreads)), $"worker-{i}");
    }

    /// <inheritdoc/>
    protected override void OnReceive(object message) => Unhandled(message);
}
