using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A real parameter shard between a coordinator and two workers that are probes, at version 0 of a run of eight micro-batches a step.</summary>
public abstract class ShardKit : TestKit
{
    private protected const long Until = 3;

    // What is expected comes at once; the time-out only makes a hang a failure, on a machine however busy.
    private const string Settings = """
        akka.actor.serialize-messages = on
        akka.test.single-expect-default = 60s
        """;

    private static readonly ActorTrainerOptions Options = new() { Workers = 1, ParameterShards = 1 };

    // Of the last order to restore.
    private Generation _restoredAt;

    private protected ShardKit(int shardCount = 1)
        : base(ConfigurationFactory.ParseString(Settings).WithFallback(ActorTrainer.Configuration(Options)))
    {
        Plan = new RunPlan(Spec, 100);
        Layout = ParameterLayout.For(Spec.Network);
        Store = new ParameterStore(Layout.Count);
        (Coordinator, A, B) = (CreateTestProbe("coordinator"), CreateTestProbe("a"), CreateTestProbe("b"));
        Shards = [.. ShardAssignment.Cut(Spec, Plan, shardCount).Select(assignment =>
            Sys.ActorOf(ParameterShard.Props(assignment, Coordinator, new LocalLinks(Sys, Coordinator), Store, new StandingTime()).WithDispatcher(Dispatchers.Compute(assignment.Shard, Options.ParameterShards)), $"shard-{assignment.Shard}"))];
    }

    private protected static TrainingSpec Spec => Runs.Spec with { Optimizer = OptimizerSpec.Parse("adam") };

    private protected RunPlan Plan { get; }

    private protected ParameterLayout Layout { get; }

    private protected ParameterStore Store { get; }

    private protected TestProbe Coordinator { get; }

    private protected TestProbe A { get; }

    private protected TestProbe B { get; }

    private protected IReadOnlyList<IActorRef> Shards { get; }

    private protected IActorRef Shard => Shards[0];

    private protected static Generation First => new(1);

    private protected static Generation Second => new(2);

    private protected static float[] Initial => ParameterInitializer.Create(Spec.Network, Spec.Seed);

    /// <summary>Brings the shards to where they wait for the first sum.</summary>
    private protected async Task Begin()
    {
        foreach (IActorRef shard in Shards)
            shard.Tell(Restore(First, (await Coordinator.ExpectMsgAsync<RegisterShard>()).Shard), Coordinator);
        await Open(First, A, B);
        foreach (IActorRef shard in Shards)
            shard.Tell(new AdvanceShard(First, First, Until, SnapshotAt: Until), Coordinator);
    }

    /// <summary>A generation begins, and all its workers hear where the shards are.</summary>
    private protected async Task Open(Generation generation, params TestProbe[] workers)
    {
        foreach (IActorRef shard in Shards)
            shard.Tell(new OpenShardGeneration(generation, _restoredAt, workers.Select(worker => worker.Ref.Address(Sys)).ToArray()), Coordinator);
        foreach (TestProbe worker in workers)
            for (int i = 0; i < Shards.Count; i++)
                Assert.Equal(generation, (await worker.ExpectMsgAsync<ParametersPublished>()).Generation);
    }

    /// <summary>The gradient sum of a micro-batch: numbers of widely different sizes, so that the order of addition shows.</summary>
    private protected float[] Leaf(int microBatch)
    {
        Random random = new(100 + microBatch);
        return [.. Enumerable.Range(0, Layout.Count).Select(_ => (float)((random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-3, 5))))];
    }

    /// <summary>The tree, by its definition.</summary>
    private protected float[] Tree(int first, int count)
    {
        if (count == 1)
            return Leaf(first);
        int left = count > 4 ? 4 : count > 2 ? 2 : 1;
        return Add(Tree(first, left), Tree(first + left, count - left));
    }

    private protected static float[] Add(float[] left, float[] right) => [.. left.Zip(right, (l, r) => l + r)];

    /// <summary>A worker sends the true sum of a node, or another.</summary>
    private protected Loan Push(TestProbe worker, int first, int count, Generation? generation = null, long version = 0, float[]? sum = null)
    {
        TensorPool pool = new(Layout.Count);
        TensorBuffer buffer = pool.Rent(holders: Shards.Count);
        (sum ?? Tree(first, count)).CopyTo(buffer.Span);
        PushGradientSum push = new(generation ?? First, version, new TreeNode(first, count), worker.Ref.Path.Name, new LossStatistics(first, count, 4 * count), buffer);
        foreach (IActorRef shard in Shards)
            shard.Tell(push, worker);
        return new Loan(pool, buffer);
    }

    /// <summary>What the shard waits for, now that it has worked off all it was sent.</summary>
    private protected Task<MissingMicroBatch> Missing(IActorRef? shard = null) => (shard ?? Shard).Ask<MissingMicroBatch>(new AskMissing(), Runs.Patience);

    /// <summary>The parameters after the first step with this gradient sum.</summary>
    private protected float[] AfterStep(float[] sum)
    {
        float[] next = new float[Layout.Count];
        new OptimizerState(Spec, Layout, 0, Layout.Count, Plan.TotalSteps).Update(0, sum, 32, 0, Initial, next);
        return next;
    }

    /// <summary>Waits until a version is published to a worker.</summary>
    private protected static async Task Published(TestProbe worker, long version, int shardCount = 1)
    {
        for (int i = 0; i < shardCount; i++)
            Assert.Equal(version, (await worker.ExpectMsgAsync<ParametersPublished>()).Version);
    }

    /// <summary>The order to begin with a shard's range of the initial parameters.</summary>
    private protected RestoreShard Restore(Generation generation, int shard, long version = 0)
    {
        _restoredAt = generation;
        ShardAssignment assignment = ShardAssignment.Cut(Spec, Plan, Shards.Count)[shard];
        return new RestoreShard(generation, shard, ShardState.Of(Checkpoint(version), assignment.Offset, assignment.Length));
    }

    // However slowly the machine runs a test, no step is overdue, and none is reported because time has passed.
    private sealed class StandingTime : TimeProvider
    {
        public override long GetTimestamp() => 0;
    }

    private static Checkpoint Checkpoint(long version) => new()
    {
        Spec = Spec,
        DataHash = "",
        Version = version,
        Parameters = Initial,
        Slots = new Dictionary<string, float[]>(),
    };
}

/// <summary>A buffer on its way, the only one of its pool.</summary>
internal sealed record Loan(TensorPool Pool, TensorBuffer Buffer)
{
    /// <summary>Fails unless everybody has released the buffer, so that the pool lends it again.</summary>
    public void AssertReturned() => Assert.Same(Buffer, Pool.Rent(holders: 1));
}
