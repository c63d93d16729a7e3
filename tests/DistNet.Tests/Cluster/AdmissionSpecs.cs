using Akka.Actor;
using Akka.Configuration;
using DistNet.Actors;
using DistNet.Actors.Transport;
using DistNet.Neural;

namespace DistNet.Tests.Cluster;

/// <summary>A node that cannot join says why, and ends with a code that tells whoever started it whether to try again.</summary>
public sealed class AdmissionSpecs
{
    // The port of tcpmux, where nothing has listened for decades.
    private const string Nobody = "127.0.0.1:1";

    private static readonly byte[] Secret = [.. Enumerable.Repeat((byte)'s', 32)];

    [Fact]
    public async Task A_node_that_finds_nobody_to_join_gives_up_after_a_minute_and_says_so()
    {
        using var error = new StringWriter();
        var time = new HurriedTime(60);
        var began = time.GetTimestamp();
        var session = new NodeSession(Worker(Nobody, time), endsWithInput: false, new Terminal(TextWriter.Null, TextWriter.Synchronized(error)));

        Assert.Equal(75, await session.RunAsync().WaitAsync(TimeSpan.FromSeconds(50)));
        Assert.True(time.GetElapsedTime(began) >= TimeSpan.FromMinutes(1));
        Assert.Contains($"nobody answered at {Nobody} within a minute, so this node joined no cluster", error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_of_another_release_is_refused_and_told_both_versions()
    {
        await using var other = NewerRelease.Start(Secret);
        var outcome = await DistNetProcess.Run(
            ["node", "--roles", "worker", "--join", other.Address, "--port", "0", "--tensor-port", "0"], null, ("DISTNET_SECRET", new string('s', 32)));

        Assert.Equal(77, outcome.Code);
        Assert.Contains($"this node does not belong to the cluster at {other.Address}: ", outcome.Error, StringComparison.Ordinal);
        var (own, newer) = (ClusterNode.ProtocolVersion, ClusterNode.ProtocolVersion + 1);
        Assert.Contains($"speaks protocol version {newer} and its peer version {own}", outcome.Error, StringComparison.Ordinal);
    }

    private static NodeOptions Worker(string join, TimeProvider time) => new()
    {
        Roles = [NodeRole.Worker],
        Join = [join],
        Secret = Secret,
        Config = ClusterConfiguration.Read([NodeRole.Worker], null),
        Data = new NodeData(() => null, new ImageCache(Path.GetTempPath()), _ => { }),
        Time = time,
    };

    /// <summary>As much of a coordinator's node as one that joins gets to see, of the release after this one.</summary>
    private sealed class NewerRelease(ActorSystem system, TensorTransport transport) : IAsyncDisposable
    {
        public string Address
        {
            get
            {
                var own = ((ExtendedActorSystem)system).Provider.DefaultAddress;
                return $"{own.Host}:{own.Port}";
            }
        }

        public static NewerRelease Start(byte[] secret)
        {
            var transport = TensorTransport.Listen(
                new TensorTransportOptions
                {
                    Secret = secret,
                    ProtocolVersion = ClusterNode.ProtocolVersion + 1,
                    Cluster = ClusterNode.SystemName,
                    NodeId = "newer",
                },
                new NodeFrames());
            var system = ActorSystem.Create(ClusterNode.SystemName, ConfigurationFactory.ParseString("""
                akka { actor.provider = remote, stdout-loglevel = OFF, loggers = [], remote.dot-netty.tcp { hostname = "127.0.0.1", port = 0 } }
                """).WithFallback(SerializationConfiguration.Default));
            system.ActorOf(Props.Create(() => new Agent($"127.0.0.1:{transport.LocalEndPoint.Port}")), ClusterNode.AgentName);
            return new NewerRelease(system, transport);
        }

        public async ValueTask DisposeAsync()
        {
            await system.Terminate();
            await transport.DisposeAsync();
        }

        private sealed class Agent : ReceiveActor
        {
            public Agent(string tensors) => Receive<AskTensors>(_ => Sender.Tell(new TensorsAnswered(tensors)));
        }
    }
}
