using DistNet.Actors.Transport;
using static DistNet.Actors.Tests.Transport.TransportNodes;

namespace DistNet.Actors.Tests.Transport;

/// <summary>Measures the whole process, so nothing else may run.</summary>
[CollectionDefinition(nameof(TransportMemorySpecs), DisableParallelization = true)]
[Collection(nameof(TransportMemorySpecs))]
public class TransportMemorySpecs
{
    private const int Frames = 2000;

    [Fact]
    public async Task A_frame_allocates_nothing_that_grows_with_it()
    {
        Counting sink = new();
        await using TensorTransport receiver = TensorTransport.Listen(Options("receiver"), sink);
        await using TensorTransport sender = TensorTransport.Listen(Options("sender"), sink);
        TensorPool pool = new(length: 10_000);
        SendOneByOne(sender, receiver.Address, pool, sink);
        long before = GC.GetTotalAllocatedBytes(precise: true);

        SendOneByOne(sender, receiver.Address, pool, sink);

        long perFrame = (GC.GetTotalAllocatedBytes(precise: true) - before) / Frames;
        Assert.True(perFrame < 256, $"{perFrame} bytes a frame");
    }

    [Fact]
    public async Task A_thousand_silent_connections_cost_little_memory_and_keep_nobody_out()
    {
        const long mayGrowBytes = 10 << 20;
        await using TensorTransport listener = TensorTransport.Listen(Options("listener"), new Arrivals());
        await using TensorTransport dialler = TensorTransport.Listen(Options("dialler"), new Arrivals());
        await dialler.VerifyPeerAsync(listener.Address);
        List<RawPeer> silent = [];
        long before = Environment.WorkingSet;
        for (int i = 0; i < 1000; i++)
            silent.Add(new RawPeer(listener));

        Assert.Equal("listener", await dialler.VerifyPeerAsync(listener.Address));
        Assert.True(SpinWait.SpinUntil(() => listener.Counters.HandshakesRefused >= 1000 - Options("any").MaxPendingHandshakes, Deadline));
        Assert.InRange(Environment.WorkingSet - before, long.MinValue, mayGrowBytes);
        silent.ForEach(peer => peer.Dispose());
    }

    private static void SendOneByOne(TensorTransport sender, TensorAddress to, TensorPool pool, Counting sink)
    {
        for (int i = 0; i < Frames; i++)
        {
            Assert.True(sender.Send(to, kind: 1, [1, 2, 3], pool.Rent(holders: 1), ..));
            Assert.True(sink.Arrived.WaitOne(Deadline));
        }
    }

    private sealed class Counting : IFrameSink
    {
        private readonly float[] _target = new float[10_000];

        public AutoResetEvent Arrived { get; } = new(false);

        public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
        {
            target = PayloadTarget.Of(_target);
            return true;
        }

        public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target) => Arrived.Set();

        public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
        {
        }
    }
}
