using System.Runtime.InteropServices;
using DistNet.Actors.Transport;
using static DistNet.Actors.Tests.Transport.TransportNodes;

namespace DistNet.Actors.Tests.Transport;

public sealed class FrameDeliverySpecs : IAsyncDisposable
{
    private readonly Arrivals _arrivals = new();
    private readonly TensorTransport _receiver;
    private readonly TensorTransport _sender;

    public FrameDeliverySpecs()
    {
        _receiver = TensorTransport.Listen(Options("receiver"), _arrivals);
        _sender = TensorTransport.Listen(Options("sender"), new Arrivals());
    }

    public async ValueTask DisposeAsync()
    {
        await _sender.DisposeAsync();
        await _receiver.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(31)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(203_525)]
    [InlineData(5_000_000)]
    public void Every_bit_arrives_those_of_not_a_number_too(int length)
    {
        float[] sent = Floats(length, seed: length);

        _sender.Send(_receiver.Address, kind: 7, "which", sent);

        Arrival arrival = _arrivals.Next();
        Assert.Equal((true, "sender", (byte)7, "which"), (arrival.IsComplete, arrival.Peer, arrival.Kind, arrival.Metadata));
        Assert.True(MemoryMarshal.AsBytes<float>(sent).SequenceEqual(MemoryMarshal.AsBytes<float>(arrival.Floats)));
    }

    [Fact]
    public void Frames_arrive_in_the_order_of_their_sending_whoever_writes_them()
    {
        float[] payload = Floats(100_000, seed: 1);
        for (int i = 0; i < 300; i++)
            Assert.True(_sender.Send(_receiver.Address, kind: 1, $"{i}", payload));

        Assert.Equal(Enumerable.Range(0, 300).Select(i => $"{i}"), Enumerable.Range(0, 300).Select(_ => _arrivals.Next().Metadata));
    }

    [Fact]
    public void Segments_of_any_length_arrive_as_one_payload()
    {
        ReadOnlyMemory<float>[] segments = [Floats(3, 1), Floats(0, 2), Floats(100, 3), Floats(45, 4)];

        _sender.Send(_receiver.Address, kind: 1, [], segments);

        Assert.Equal(segments.SelectMany(s => s.ToArray()).Select(BitConverter.SingleToInt32Bits), _arrivals.Next().Floats.Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void Bytes_may_be_sent_too()
    {
        byte[] sent = [1, 2, 3, 4, 5];

        _sender.SendBytes(_receiver.Address, kind: 1, [], sent);

        Assert.Equal(sent, _arrivals.Next().Bytes);
    }

    [Fact]
    public void A_buffer_comes_back_to_its_pool_when_it_was_written()
    {
        TensorPool pool = new(length: 8);
        TensorBuffer buffer = pool.Rent(holders: 2);
        _sender.Send(_receiver.Address, kind: 1, [], buffer, 2..5);
        Assert.Equal(3, _arrivals.Next().Floats.Length);

        _sender.Send(_receiver.Address, kind: 1, [], buffer, ..);
        Assert.Equal(8, _arrivals.Next().Floats.Length);
        Assert.True(SpinWait.SpinUntil(() => _sender.Counters.FramesSent == 2, Deadline));
        Assert.Throws<InvalidOperationException>(buffer.Release);
    }

    [Fact]
    public void What_the_sink_refuses_is_skipped_and_the_next_frames_arrive()
    {
        _sender.Send(_receiver.Address, Arrivals.RefusedKind, "refused", Floats(300_000, 1));
        _sender.Send(_receiver.Address, kind: 1, "wanted", Floats(10, 2));

        Assert.Equal("wanted", _arrivals.Next().Metadata);
        Assert.Equal(1, _receiver.Counters.FramesRefused);
    }

    [Fact]
    public void The_longest_metadata_arrives_and_longer_one_is_the_callers_mistake()
    {
        string longest = new('m', TensorTransport.MaxMetadataBytes);
        _sender.Send(_receiver.Address, kind: 1, longest, []);

        Assert.Equal(longest, _arrivals.Next().Metadata);
        Assert.Throws<ArgumentException>(() => _sender.Send(_receiver.Address, kind: 1, longest + "m", []));
    }

    [Fact]
    public void A_node_may_send_to_itself()
    {
        _receiver.Send(_receiver.Address, kind: 1, "self", Floats(10, 1));

        Assert.Equal(("receiver", "self"), _arrivals.Next() is var a ? (a.Peer, a.Metadata) : default);
    }
}
