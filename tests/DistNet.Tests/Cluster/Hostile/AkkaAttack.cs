using System.Text;
using DistNet.Actors;

namespace DistNet.Tests.Cluster.Hostile;

/// <summary>What can be sent to Akka's port of a node by whoever reaches it, short of whole messages that lie.</summary>
/// <param name="port">The node's port for messages, on loopback.</param>
/// <param name="seed">Of what is sent by chance.</param>
internal sealed class AkkaAttack(int port, int seed)
{
    private const int Hyperion = -5;
    private const int MostFrameBytes = 72_000;

    private readonly Random _random = new(seed);
    private readonly HyperionSerializer _serializer = new(null!);
    private readonly string _node = $"akka.tcp://{ClusterNode.SystemName}@127.0.0.1:{port}";

    /// <summary>What anybody can send who reaches the port.</summary>
    public IEnumerable<(string Name, Func<Task> Attack)> OfStrangers =>
    [
        ("akka: random bytes", () => RandomBytesAsync(200)),
        ("akka: frames of huge length", HugeFramesAsync),
        ("akka: truncated handshakes", TruncatedHandshakesAsync),
        ("akka: handshakes with a bit flipped", FlippedHandshakesAsync),
        ("akka: 1,000 idle connections", () => IdleAsync(1000, [])),
    ];

    /// <summary>What somebody can send who knows Akka's protocol, whom Akka takes for a node: each costs an association.</summary>
    public IEnumerable<(string Name, Func<Task> Attack)> OfAssociates =>
    [
        ("akka: nonsense after a handshake", () => NonsenseAfterHandshakeAsync(100)),
        ("akka: payloads that are no messages", PayloadsAsync),
        ("akka: 64 frames that stop before their end", () => IdleAsync(64, [.. AkkaFrames.Length(MostFrameBytes - 4), .. Chance(MostFrameBytes - 1000)])),
    ];

    /// <summary>Asks the node something that it answers itself.</summary>
    public async Task AskAsync()
    {
        using var stranger = await AssociateAsync();
        await AskAsync(stranger);
    }

    private async Task RandomBytesAsync(int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(Chance(_random.Next(4, 2000)));
        }
    }

    private async Task HugeFramesAsync()
    {
        foreach (var length in new[] { MostFrameBytes + 1, 1 << 24, int.MaxValue, int.MinValue, -1 })
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(AkkaFrames.Length(length));
            await stranger.SayAsync(Chance(300_000));
            await stranger.UntilClosedAsync();
        }
    }

    private async Task TruncatedHandshakesAsync()
    {
        var whole = AkkaFrames.Frame(AkkaFrames.Associate("distnet", "127.0.0.1", 4053));
        for (var length = 1; length < whole.Length; length++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(whole.AsMemory(0, length));
        }
    }

    private async Task FlippedHandshakesAsync()
    {
        var content = AkkaFrames.Associate("stranger", "127.0.0.1", 1);
        for (var bit = 0; bit < 8 * content.Length; bit++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(AkkaFrames.Frame(Flip(content, bit)));
        }
    }

    private async Task NonsenseAfterHandshakeAsync(int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            using var stranger = await AssociateAsync();
            await stranger.SayAsync(AkkaFrames.Frame(Chance(_random.Next(1, 500))));
        }
    }

    // The node must answer a question in between: its connection survives what it refuses to read.
    private async Task PayloadsAsync()
    {
        using var stranger = await AssociateAsync();
        foreach (var (serializer, payload, manifest) in Payloads())
            await stranger.SayAsync(AkkaFrames.Frame(AkkaFrames.Message(Agent, Sender(stranger), serializer, payload, manifest)));
        await AskAsync(stranger);
    }

    private IEnumerable<(int Serializer, byte[] Payload, string Manifest)> Payloads()
    {
        object[] messages = [new AskStatus(7), new NodeRegistered(), new RegisterNode("akka.tcp://distnet@nowhere:1/user/node nowhere:2", ["worker"], 1, 1)];
        foreach (var payload in messages.Select(_serializer.ToBinary))
        {
            for (var bit = 0; bit < 8 * payload.Length; bit++) yield return (Hyperion, Flip(payload, bit), "");
            for (var length = 0; length < payload.Length; length++) yield return (Hyperion, payload[..length], "");
        }

        foreach (var type in new[] { "System.Diagnostics.ProcessStartInfo, System.Diagnostics.Process", "System.IO.FileInfo, System.Private.CoreLib,%core%", "System.Object[]" })
            yield return (Hyperion, [255, .. BitConverter.GetBytes(type.Length), .. Encoding.UTF8.GetBytes(type), .. new byte[64]], "");
        yield return (Hyperion, Chance(70_000), "");
        var json = Encoding.UTF8.GetBytes("{\"$type\":\"System.IO.FileInfo, System.IO.FileSystem\",\"fileName\":\"/tmp/distnet\"}");
        foreach (var closed in new[] { 1, 3 }) yield return (closed, json, "System.Object, System.Private.CoreLib");
        foreach (var unknown in new[] { 9_999, int.MaxValue, int.MinValue }) yield return (unknown, Chance(100), "nothing");
    }

    private async Task IdleAsync(int connections, byte[] begun)
    {
        using var idle = await IdleConnections.OpenAsync(port, connections, begun);
        await idle.UntilClosedAsync();
    }

    private async Task<Stranger> AssociateAsync()
    {
        var stranger = await Stranger.ConnectAsync(port);
        await stranger.SayAsync(AkkaFrames.Frame(AkkaFrames.Associate("stranger", stranger.Host, stranger.Port)));
        await ReadFrameAsync(stranger);
        return stranger;
    }

    private async Task AskAsync(Stranger stranger)
    {
        await stranger.SayAsync(AkkaFrames.Frame(AkkaFrames.Message(Agent, Sender(stranger), Hyperion, _serializer.ToBinary(new AskTensors()))));
        while (!Encoding.UTF8.GetString(await ReadFrameAsync(stranger)).Contains(nameof(TensorsAnswered), StringComparison.Ordinal))
        {
            // Heartbeats, and answers to questions that arose from a flipped bit.
        }
    }

    private static async Task<byte[]> ReadFrameAsync(Stranger stranger) =>
        await stranger.ReadAsync(BitConverter.ToInt32(await stranger.ReadAsync(sizeof(int))));

    private string Agent => $"{_node}/user/{ClusterNode.AgentName}";

    private static string Sender(Stranger stranger) => $"akka.tcp://stranger@{stranger.Host}:{stranger.Port}/user/nobody";

    private byte[] Chance(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }

    private static byte[] Flip(byte[] bytes, int bit)
    {
        byte[] flipped = [.. bytes];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
