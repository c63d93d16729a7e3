using System.Net;
using System.Net.Sockets;
using DistNet.Actors.Transport;
using static DistNet.Actors.Tests.Transport.TransportNodes;

namespace DistNet.Actors.Tests.Transport;

public sealed class HandshakeSpecs : IAsyncDisposable
{
    private readonly Arrivals _arrivals = new();
    private readonly TensorTransport _listener;

    public HandshakeSpecs() => _listener = TensorTransport.Listen(Options("listener"), _arrivals);

    public ValueTask DisposeAsync() => _listener.DisposeAsync();

    [Fact]
    public async Task Nodes_that_know_the_secret_learn_each_others_names() =>
        Assert.Equal("listener", await Dial(Options("dialler")));

    [Fact]
    public async Task Another_secret_is_refused_and_the_dialler_is_told_so() =>
        await AssertRefused(HandshakeRefusalKind.Secret, "does not know the secret", Options("dialler") with { Secret = new byte[32] });

    [Fact]
    public async Task Another_protocol_version_is_refused_and_the_dialler_is_told_so() =>
        await AssertRefused(HandshakeRefusalKind.ProtocolVersion, "protocol version 3 and its peer version 4", Options("dialler") with { ProtocolVersion = 4 });

    [Fact]
    public async Task Another_cluster_is_refused_and_the_dialler_is_told_so() =>
        await AssertRefused(HandshakeRefusalKind.Cluster, "'specs' and dialler to 'others'", Options("dialler") with { Cluster = "others" });

    [Fact]
    public async Task A_link_that_is_refused_says_why_in_the_loss()
    {
        Happenings<LinkLoss> losses = new();
        TensorTransport stranger = TensorTransport.Listen(Options("stranger") with { Secret = new byte[32], LinkLost = losses.Add }, new Arrivals());
        stranger.Send(_listener.Address, kind: 1, "", []);

        LinkLoss loss = losses.Next();
        Assert.Equal((_listener.Address, HandshakeRefusalKind.Secret, 1), (loss.Address, loss.Refusal, loss.DroppedFrames));
        await stranger.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_listener_that_does_not_know_the_secret_gets_no_frames()
    {
        using Socket impostor = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        impostor.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        impostor.Listen();
        Task<string> dial = _listener.VerifyPeerAsync(new TensorAddress("127.0.0.1", ((IPEndPoint)impostor.LocalEndPoint!).Port));
        using RawPeer raw = RawPeer.Accept(impostor);
        raw.Welcome(Options("impostor") with { Secret = new byte[32] });

        HandshakeRefusedException refusal = await Assert.ThrowsAsync<HandshakeRefusedException>(() => dial.WaitAsync(Deadline));
        Assert.Equal(HandshakeRefusalKind.Secret, refusal.Kind);
    }

    [Fact]
    public void A_recorded_handshake_is_of_no_use_later()
    {
        TensorTransportOptions options = Options("dialler");
        byte[] hello = RawPeer.Identity(options).Write(HandshakeStep.Hello), recorded;
        using (RawPeer genuine = new(_listener))
        {
            genuine.Write(hello);
            recorded = HandshakeMessage.Write(HandshakeStep.Proof, new HandshakeProof(options.Secret).OfDialler(hello, genuine.ReadMessage()));
            genuine.Write(recorded);
            Assert.Equal((byte)HandshakeStep.Welcome, genuine.ReadMessage()[4]);
        }
        using RawPeer replaying = new(_listener);
        replaying.Write(hello);
        replaying.ReadMessage();
        replaying.Write(recorded);

        Assert.Equal(HandshakeRefusalKind.Secret, replaying.ReadRefusal().Kind);
    }

    [Fact]
    public void A_listeners_own_proof_cannot_be_returned_to_it()
    {
        TensorTransportOptions options = Options("mirror");
        using RawPeer mirror = new(_listener);
        byte[] hello = RawPeer.Identity(options).Write(HandshakeStep.Hello);
        mirror.Write(hello);
        mirror.Write(HandshakeMessage.Write(HandshakeStep.Proof, new HandshakeProof(options.Secret).OfListener(hello, mirror.ReadMessage())));

        Assert.Equal(HandshakeRefusalKind.Secret, mirror.ReadRefusal().Kind);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Random_bytes_in_place_of_a_handshake_harm_nobody(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 100; i++)
        {
            byte[] bytes = new byte[random.Next(4, 600)];
            random.NextBytes(bytes);
            using RawPeer peer = new(_listener);
            peer.Write(bytes);
            Assert.True(peer.IsClosed());
        }
        Assert.Equal("listener", await Dial(Options("dialler")));
    }

    [Fact]
    public async Task A_silent_connection_is_closed_after_the_deadline()
    {
        TensorTransport impatient = TensorTransport.Listen(Options("impatient") with { HandshakeDeadline = TimeSpan.FromMilliseconds(50) }, _arrivals);
        using RawPeer silent = new(impatient);

        Assert.Equal(HandshakeRefusalKind.NoAnswer, silent.ReadRefusal().Kind);
        await impatient.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task More_peers_than_allowed_are_told_so()
    {
        TensorTransport small = TensorTransport.Listen(Options("small") with { MaxPeers = 1 }, _arrivals);
        using RawPeer first = RawPeer.Proven(small, Options("first"));
        HandshakeRefusedException refusal = await Assert.ThrowsAsync<HandshakeRefusedException>(() => _listener.VerifyPeerAsync(small.Address));

        Assert.Equal(HandshakeRefusalKind.Full, refusal.Kind);
        await small.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public void A_nodes_newer_connection_replaces_its_older_one()
    {
        using RawPeer older = RawPeer.Proven(_listener, Options("twice"));
        using RawPeer newer = RawPeer.Proven(_listener, Options("twice"));
        newer.Write(RawPeer.Frame(1, [], [42]));

        Assert.True(older.IsClosed());
        Assert.Equal([42], _arrivals.Next().Bytes);
    }

    [Fact]
    public void A_secret_that_could_be_guessed_is_the_callers_mistake() =>
        Assert.Throws<ArgumentException>(() => TensorTransport.Listen(Options("careless") with { Secret = new byte[15] }, _arrivals));

    private async Task<string> Dial(TensorTransportOptions options)
    {
        await using TensorTransport dialler = TensorTransport.Listen(options, new Arrivals());
        return await dialler.VerifyPeerAsync(_listener.Address);
    }

    private async Task AssertRefused(HandshakeRefusalKind kind, string sentence, TensorTransportOptions options)
    {
        HandshakeRefusedException refusal = await Assert.ThrowsAsync<HandshakeRefusedException>(() => Dial(options));
        Assert.Equal(kind, refusal.Kind);
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }
}
