using Akka.Actor;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class SerializationOverTheWireSpecs
{
    [Fact]
    public async Task Two_nodes_with_strict_serialization_form_a_cluster_and_every_message_arrives()
    {
        await using WireNode first = WireNode.Hardened();
        await using WireNode second = WireNode.Hardened();
        await WireNode.Join(first, second);
        IActorRef keeper = await second.Reach(first);

        foreach (IProtocolMessage message in ProtocolTypes.All.Messages.Select(Example.Of))
        {
            keeper.Tell(message);
            object received = await first.Receive();
            Assert.IsType(message.GetType(), received);
            Assert.Equivalent(message, received, strict: true);
        }
        Assert.False(first.HasTrouble || second.HasTrouble);
    }

    [Fact]
    public async Task Akkas_own_messages_pass_strict_serialization()
    {
        await using WireNode first = WireNode.Hardened();
        await using WireNode second = WireNode.Hardened();
        await WireNode.Join(first, second);
        IActorRef keeper = await second.Reach(first); // Identify, and its answer

        Task<bool> stopped = keeper.WatchAsync();
        keeper.Tell(PoisonPill.Instance);
        Assert.True(await stopped.WaitAsync(Runs.Patience));
        await second.Leave();
    }

    [Fact]
    public async Task A_type_that_is_not_registered_does_not_leave_a_node_with_strict_serialization()
    {
        await using WireNode receiver = WireNode.Plain(RawReceiver);
        await using WireNode sender = WireNode.Hardened();

        Assert.IsType<RegisterWorker>(await FirstOf(sender, receiver, new Unmarked(1), new RegisterWorker("akka://a/user/worker")));
    }

    [Fact]
    public async Task A_type_that_is_not_registered_is_not_read_by_a_node_with_strict_serialization()
    {
        await using WireNode receiver = WireNode.Hardened();
        await using WireNode sender = WireNode.Plain(RawSerializer.Settings);

        Assert.IsType<RegisterWorker>(await FirstOf(sender, receiver, new Unmarked(1), new RawPayload(Payloads.Write(new RegisterWorker("akka://a/user/worker")))));
    }

    [Fact]
    public async Task Without_strict_serialization_any_type_arrives_which_shows_that_it_is_what_stops_them()
    {
        await using WireNode receiver = WireNode.Plain();
        await using WireNode sender = WireNode.Plain();

        Assert.Equal(new Unmarked(1), await FirstOf(sender, receiver, new Unmarked(1)));
    }

    [Fact]
    public async Task Payloads_that_are_refused_harm_neither_the_association_nor_the_cluster()
    {
        await using WireNode receiver = WireNode.Hardened();
        await using WireNode sender = WireNode.Plain(RawSerializer.Settings);
        await WireNode.Join(receiver, sender);
        byte[] good = Payloads.Write(Example.Of(typeof(LeaseMicroBatches)));
        object[] hostile =
        [
            .. Enumerable.Range(0, good.Length).Select(length => new RawPayload(good[..length])),
            new RawPayload(Payloads.Naming("System.Diagnostics.ProcessStartInfo, System.Diagnostics.Process", new byte[100])),
            new RawPayload(Payloads.Naming(Payloads.Name(typeof(Unmarked)), new byte[4])),
            new RawPayload([255, .. BitConverter.GetBytes(int.MaxValue)]),
            new RawPayload(new byte[100_000]),
            new Unmarked(1),
        ];

        Assert.Equivalent(Example.Of(typeof(LeaseMicroBatches)), await FirstOf(sender, receiver, [.. hostile, new RawPayload(good)]), strict: true);
        Assert.False(receiver.HasTrouble || sender.HasTrouble);
        Assert.Equal(2, receiver.Cluster.State.Members.Count);
        Assert.Empty(receiver.Cluster.State.Unreachable);
    }

    // A receiver that would take any type, the protocol's messages among them.
    private const string RawReceiver = """
        akka.actor {
          serializers.hyperion = "DistNet.Actors.HyperionSerializer, DistNet.Actors"
          serialization-bindings { "DistNet.Protocol.IProtocolMessage, DistNet.Protocol" = hyperion }
        }
        """;

    // Messages between two actors arrive in order: what is received first tells what became of those sent before it.
    private static async Task<object> FirstOf(WireNode sender, WireNode receiver, params object[] messages)
    {
        IActorRef keeper = await sender.Reach(receiver);
        foreach (object message in messages)
            keeper.Tell(message);
        return await receiver.Receive();
    }
}
