using DistNet.Actors;
using DistNet.Actors.Transport;

namespace DistNet.Tests.Cluster.Hostile;

/// <summary>What can be sent to the tensor port of a node, by strangers and by a member that has gone mad.</summary>
/// <param name="port">The node's port for tensors, on loopback.</param>
/// <param name="secret">The cluster's.</param>
/// <param name="seed">Of what is sent by chance.</param>
internal sealed class TensorAttack(int port, byte[] secret, int seed)
{
    private const int PrefixBytes = 7;

    private readonly Random _random = new(seed);

    /// <summary>Everything, one after the other; each connection must come to the end it deserves.</summary>
    public IEnumerable<(string Name, Func<Task> Attack)> All =>
    [
        ("tensors: random bytes", () => RandomBytesAsync(200)),
        ("tensors: truncated handshakes", TruncatedHandshakesAsync),
        ("tensors: wrong secrets", () => WrongSecretsAsync(50)),
        ("tensors: a member's frames of huge length", HugeFramesAsync),
        ("tensors: a member's frames of no run", () => StrangeFramesAsync(100)),
        ("tensors: a member's random bytes", () => NonsenseAfterHandshakeAsync(100)),
        ("tensors: 1,000 idle connections", () => IdleAsync(1000)),
    ];

    private async Task RandomBytesAsync(int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(Chance(_random.Next(4, 2000)));
            await stranger.UntilClosedAsync();
        }
    }

    private async Task TruncatedHandshakesAsync()
    {
        var hello = Identity("truncator").Write(HandshakeStep.Hello);
        for (var length = 1; length <= hello.Length; length++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await stranger.SayAsync(hello.AsMemory(0, length));
        }
    }

    private async Task WrongSecretsAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var stranger = await Stranger.ConnectAsync(port);
            await ProveAsync(stranger, Chance(secret.Length));
            await ExpectAsync(stranger, HandshakeStep.Refusal);
            await stranger.UntilClosedAsync();
        }
    }

    private async Task HugeFramesAsync()
    {
        foreach (var elements in new[] { int.MaxValue, 1 << 29, 1 << 27 })
        {
            using var member = await MemberAsync();
            await member.SayAsync(Head(FrameKind.GradientSum, elements, []));
            await member.UntilClosedAsync();
        }
    }

    // Sound frames, of runs and kinds that nobody knows, or whose labels cannot be read.
    private async Task StrangeFramesAsync(int times)
    {
        for (var i = 0; i < times; i++)
        {
            using var member = await MemberAsync();
            await member.SayAsync(Head((byte)_random.Next(256), 1 << 20, Chance(_random.Next(200))));
            await member.SayAsync(Chance(1 << 16));
        }
    }

    private async Task NonsenseAfterHandshakeAsync(int connections)
    {
        for (var i = 0; i < connections; i++)
        {
            using var member = await MemberAsync();
            await member.SayAsync(Chance(_random.Next(FrameFormat.HeaderBytes, 2000)));
            await member.UntilClosedAsync();
        }
    }

    private async Task IdleAsync(int connections)
    {
        using var idle = await IdleConnections.OpenAsync(port, connections, []);
        await idle.UntilClosedAsync();
    }

    private async Task<Stranger> MemberAsync()
    {
        var member = await Stranger.ConnectAsync(port);
        await ProveAsync(member, secret);
        await ExpectAsync(member, HandshakeStep.Welcome);
        return member;
    }

    private static async Task ProveAsync(Stranger stranger, byte[] secret)
    {
        var hello = Identity("mad member").Write(HandshakeStep.Hello);
        await stranger.SayAsync(hello);
        var challenge = await ExpectAsync(stranger, HandshakeStep.Challenge);
        await stranger.SayAsync(HandshakeMessage.Write(HandshakeStep.Proof, new HandshakeProof(secret).OfDialler(hello, challenge)));
    }

    private static async Task<byte[]> ExpectAsync(Stranger stranger, HandshakeStep step)
    {
        var prefix = await stranger.ReadAsync(PrefixBytes);
        byte[] message = [.. prefix, .. await stranger.ReadAsync(BitConverter.ToUInt16(prefix, 5))];
        return (HandshakeStep)message[4] == step ? message : throw new InvalidDataException($"The node said {(HandshakeStep)message[4]}; {step} was expected.");
    }

    private static NodeIdentity Identity(string node) => new(ClusterNode.ProtocolVersion, ClusterNode.SystemName, node);

    private static byte[] Head(byte kind, int elements, byte[] label)
    {
        var head = new byte[FrameFormat.HeaderBytes + label.Length];
        FrameFormat.WriteHead(head, kind, PayloadElement.Float, elements, label);
        FrameFormat.CompleteHead(head, payloadChecksum: 0);
        return head;
    }

    private byte[] Chance(int count)
    {
        var bytes = new byte[count];
        _random.NextBytes(bytes);
        return bytes;
    }
}
