using Akka.Actor;
using Akka.Configuration;
using Akka.TestKit;
using Akka.TestKit.Xunit2;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests.Nodes;

/// <summary>A real coordinator and two nodes that are probes: processes that took tensors at the same place one after the other.</summary>
public sealed class LateNodeSpecs : TestKit
{
    private const string Settings = "akka.test.single-expect-default = 60s, akka.loglevel = ERROR";
    private const string Place = "host:4054";

    private static readonly ActorTrainerOptions Options = new() { Workers = 1, ParameterShards = 1 };

    public LateNodeSpecs()
        : base(ConfigurationFactory.ParseString(Settings).WithFallback(ActorTrainer.Configuration(Options)))
    {
    }

    [Fact]
    public async Task What_a_process_said_before_it_ended_takes_nothing_from_its_successor_and_neither_does_its_end()
    {
        IActorRef coordinator = Begin();
        (TestProbe before, TestProbe now) = (CreateTestProbe(), CreateTestProbe());
        await Ready(coordinator, before);
        await Ready(coordinator, now);
        Say(coordinator, before);
        Assert.Equal(1, (await before.ExpectMsgAsync<Rejoin>()).Beginning);
        Watch(before);
        Sys.Stop(before);
        await ExpectTerminatedAsync(before);

        await Ready(coordinator, now);
    }

    // Its shard has not registered, so that a node of the run is told at each time to own it.
    private async Task Ready(IActorRef coordinator, TestProbe node)
    {
        Say(coordinator, node);
        Assert.IsType<PlaceShards>(await node.ReceiveOneAsync(TimeSpan.FromSeconds(60)));
    }

    private void Say(IActorRef coordinator, TestProbe node) =>
        coordinator.Tell(new NodeReady(Addresses.Join(node.Ref.Address(Sys), Place), 1, TakesShards: true), node);

    private IActorRef Begin()
    {
        TrainingJob job = Runs.Job() with { Checkpoints = new MemoryStore() };
        RunSettings settings = new() { Workers = 1, ParameterShards = 1, MembersReturn = true };
        TaskCompletionSource<TrainingResult> completion = new();
        CoordinatedRun run = CoordinatedRun.Of(
            job, new Recorder(), new RunPlan(job.Spec, 100), settings, TimeProvider.System, completion, self => new LocalLinks(Sys, self)) with
        {
            ParameterServers = 1,
        };
        return Sys.ActorOf(Coordinator.Props(run), "coordinator");
    }
}
