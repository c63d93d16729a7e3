using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A real worker between a coordinator and a parameter shard that are probes.</summary>
public sealed class WorkerSpecs : TestKit
{
    // What is expected comes at once; the time-out only makes a hang a failure, on a machine however busy.
    private const string Settings = "akka.test.single-expect-default = 60s";

    private static readonly Generation First = new(1);

    private readonly ManualResetEventSlim _testIsOver = new();
    private readonly ParameterStore _store = new(ParameterLayout.For(Runs.Spec.Network).Count);
    private readonly RunPlan _plan = new(Runs.Spec, 100);
    private readonly TestProbe _coordinator;
    private readonly TestProbe _shard;

    public WorkerSpecs()
        : base(ConfigurationFactory.ParseString(Settings)) => (_coordinator, _shard) = (CreateTestProbe(), CreateTestProbe());

    [Fact]
    public async Task A_worker_that_is_behind_passes_over_the_versions_that_were_overwritten_and_computes_the_next()
    {
        // Whoever gathers examples of an overwritten version first comes to the second gathering before the version that is awaited.
        IActorRef worker = await Leased(new EventfulExamples(new Doodles(100)) { Before = { [2] = () => _testIsOver.Wait(Runs.Patience) } });
        _store.Write(3, 0, _store.ParameterCount);
        for (long version = 0; version <= 2; version++)
            worker.Tell(new ParametersPublished(First, 0, version));

        Assert.Equal(2, (await _shard.ExpectMsgAsync<PushGradientSum>(TimeSpan.FromSeconds(20))).Version);
    }

    [Fact]
    public async Task A_worker_helps_nobody_with_a_version_that_was_overwritten()
    {
        IActorRef worker = await Leased(new EventfulExamples(new Doodles(100)) { Before = { [2] = () => _testIsOver.Wait(Runs.Patience) } });
        _store.Write(3, 0, _store.ParameterCount);
        worker.Tell(new ParametersPublished(First, 0, 1));
        worker.Tell(new HelpWithMissing(First, 1, [new TreeNode(0, 1), new TreeNode(1, 1)]));
        worker.Tell(new LeaseRevoked());
        await _coordinator.ExpectMsgAsync<RegisterWorker>(TimeSpan.FromSeconds(20));
        Lease(worker, new Generation(2));
        worker.Tell(new ParametersPublished(new Generation(2), 0, 2));

        Assert.Equal(2, (await _shard.ExpectMsgAsync<PushGradientSum>(TimeSpan.FromSeconds(20))).Version);
    }

    protected override void AfterAll()
    {
        _testIsOver.Set();
        base.AfterAll();
        _testIsOver.Dispose();
    }

    private async Task<IActorRef> Leased(IExampleSet examples)
    {
        Props props = Worker.Props(
            _coordinator, new LocalLinks(Sys, _coordinator), _store, () => new MiniBatchGradients(Runs.Spec, examples, _plan), _plan.TotalSteps);
        IActorRef worker = Sys.ActorOf(props);
        await _coordinator.ExpectMsgAsync<RegisterWorker>();
        _store.Restore(First, 0, 0, _store.ParameterCount);
        Lease(worker, First);
        return worker;
    }

    private void Lease(IActorRef worker, Generation generation) =>
        worker.Tell(new LeaseMicroBatches(generation, new Lease(0, 1), new NodeLease(0, 1, 1), [_shard.Ref.Address(Sys)]));
}
