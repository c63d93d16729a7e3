using DistNet.Actors.Transport;
using static DistNet.Actors.Tests.Transport.TransportNodes;

namespace DistNet.Actors.Tests.Transport;

public sealed class MalformedFrameSpecs : IAsyncDisposable
{
    private static readonly byte[] Payload = [.. Enumerable.Range(0, 1000).Select(i => (byte)i)];
    private readonly Arrivals _arrivals = new();
    private readonly Happenings<string> _log = new();
    private readonly TensorTransport _receiver;

    public MalformedFrameSpecs() => _receiver = TensorTransport.Listen(Options("receiver") with { MaxPayloadBytes = 1 << 20, Log = _log.Add }, _arrivals);

    public ValueTask DisposeAsync() => _receiver.DisposeAsync();

    [Fact]
    public void A_flipped_byte_of_the_payload_closes_the_connection_and_the_sink_gets_its_memory_back()
    {
        using RawPeer peer = Proven("flipper");
        byte[] frame = RawPeer.Frame(1, [5], Payload);
        frame[^100] ^= 4;
        peer.Write(frame);

        Assert.False(_arrivals.Next().IsComplete);
        Assert.Contains("checksum of a frame's payload", peer.ReadRefusal().Sentence, StringComparison.Ordinal);
        Assert.True(peer.IsClosed());
        Assert.Contains("flipper", _log.Next(), StringComparison.Ordinal);
        AssertThatOthersAreUnharmed();
    }

    [Fact]
    public void A_frame_that_ends_too_early_is_abandoned()
    {
        using (RawPeer peer = Proven("truncator"))
        {
            peer.Write(RawPeer.Frame(1, [5], Payload).AsSpan(..^1));
            Assert.True(SpinWait.SpinUntil(() => _arrivals.Asked == 1, Deadline));
        }

        Assert.False(_arrivals.Next().IsComplete);
        AssertThatOthersAreUnharmed();
    }

    [Fact]
    public async Task A_peer_that_stops_in_the_middle_of_a_frame_is_left_after_the_deadline()
    {
        Arrivals arrivals = new();
        TensorTransport receiver = TensorTransport.Listen(Options("impatient") with { StallDeadline = TimeSpan.FromMilliseconds(50) }, arrivals);
        using RawPeer peer = RawPeer.Proven(receiver, Options("staller"));
        peer.Write(RawPeer.Frame(1, [], Payload).AsSpan(..^1));

        Assert.False(arrivals.Next().IsComplete);
        Assert.True(peer.IsClosed());
        await receiver.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public void A_length_above_the_limit_is_refused_before_any_memory_is_taken()
    {
        using RawPeer peer = Proven("giant");
        byte[] head = new byte[FrameFormat.HeaderBytes];
        FrameFormat.WriteHead(head, 1, PayloadElement.Float, int.MaxValue, []);
        FrameFormat.CompleteHead(head, 0);
        peer.Write(head);

        Assert.Contains($"{4L * int.MaxValue} bytes", peer.ReadRefusal().Sentence, StringComparison.Ordinal);
        Assert.Equal(0, _arrivals.Asked);
        AssertThatOthersAreUnharmed();
    }

    [Fact]
    public void Wrong_metadata_never_reaches_the_sink()
    {
        using RawPeer peer = Proven("muddler");
        byte[] frame = RawPeer.Frame(1, [5, 6, 7], Payload);
        frame[FrameFormat.HeaderBytes] ^= 1;
        peer.Write(frame);

        Assert.Contains("metadata", peer.ReadRefusal().Sentence, StringComparison.Ordinal);
        Assert.Equal(0, _arrivals.Asked);
    }

    [Fact]
    public void A_flipped_bit_anywhere_in_the_header_closes_the_connection_and_nothing_else()
    {
        byte[] whole = RawPeer.Frame(1, [5], Payload);
        for (int bit = 0; bit < 8 * FrameFormat.HeaderBytes; bit++)
        {
            byte[] frame = [.. whole];
            frame[bit / 8] ^= (byte)(1 << (bit % 8));
            using RawPeer peer = Proven("flipper");
            peer.Write(frame);
            Assert.True(peer.IsClosed(), $"bit {bit}");
        }
        Assert.Equal(0, _arrivals.Asked);
        AssertThatOthersAreUnharmed();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Random_bytes_after_the_handshake_close_that_connection_alone(int seed)
    {
        Random random = new(seed);
        for (int i = 0; i < 50; i++)
        {
            byte[] bytes = new byte[random.Next(FrameFormat.HeaderBytes, 2000)];
            random.NextBytes(bytes);
            using RawPeer peer = Proven("noise");
            peer.Write(bytes);
            Assert.True(peer.IsClosed());
        }
        Assert.Equal(0, _arrivals.Asked);
        AssertThatOthersAreUnharmed();
    }

    [Fact]
    public void A_checksum_sees_every_flipped_bit_and_blocks_in_the_wrong_order_and_a_wrong_length()
    {
        ulong right = Sum(Payload);
        for (int bit = 0; bit < 8 * Payload.Length; bit++)
        {
            byte[] flipped = [.. Payload];
            flipped[bit / 8] ^= (byte)(1 << (bit % 8));
            Assert.NotEqual(right, Sum(flipped));
        }
        byte[] uneven = [.. Enumerable.Range(0, 1000).Select(i => (byte)(i * i / 7))];
        Assert.NotEqual(Sum(uneven), Sum([.. uneven[128..256], .. uneven[..128], .. uneven[256..]]));
        Assert.NotEqual(right, Sum([.. Payload, 0]));
    }

    [Fact]
    public void How_a_payload_is_cut_does_not_change_its_checksum()
    {
        Random random = new(5);
        PayloadChecksum checksum = new();
        for (int i = 0; i < 200; i++)
        {
            checksum.Reset();
            for (int at = 0; at < Payload.Length;)
            {
                int length = Math.Min(random.Next(400), Payload.Length - at);
                checksum.Append(Payload.AsSpan(at, length));
                at += length;
            }
            Assert.Equal(Sum(Payload), checksum.Finish());
        }
    }

    private static ulong Sum(byte[] bytes)
    {
        PayloadChecksum checksum = new();
        checksum.Reset();
        checksum.Append(bytes);
        return checksum.Finish();
    }

    private RawPeer Proven(string nodeId) => RawPeer.Proven(_receiver, Options(nodeId));

    private void AssertThatOthersAreUnharmed()
    {
        using RawPeer peer = Proven("bystander");
        peer.Write(RawPeer.Frame(2, [9], Payload));
        Arrival arrival = _arrivals.Next();
        while (!arrival.IsComplete)
            arrival = _arrivals.Next();
        Assert.Equal(("bystander", (byte)2), (arrival.Peer, arrival.Kind));
        Assert.Equal(Payload, arrival.Bytes);
    }
}
