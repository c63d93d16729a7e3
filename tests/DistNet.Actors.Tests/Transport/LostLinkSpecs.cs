using System.Net;
using System.Net.Sockets;
using DistNet.Actors.Transport;
using static DistNet.Actors.Tests.Transport.TransportNodes;

namespace DistNet.Actors.Tests.Transport;

public sealed class LostLinkSpecs : IAsyncDisposable
{
    private const int Big = 4_000_000;

    private readonly Happenings<LinkLoss> _losses = new();
    private readonly TensorTransport _sender;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TensorAddress _peer;
    private readonly TensorTransportOptions _options;

    public LostLinkSpecs()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _peer = new TensorAddress("127.0.0.1", ((IPEndPoint)_listener.LocalEndPoint!).Port);
        _options = Options("sender") with { LinkLost = _losses.Add, QueueFrames = 4 };
        _sender = TensorTransport.Listen(_options, new Arrivals());
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _sender.DisposeAsync();
    }

    [Fact]
    public void A_peer_that_dies_in_the_middle_of_a_frame_is_reported_every_payload_is_released_once_and_the_next_send_dials_again()
    {
        int[] released = new int[3];
        for (int i = 0; i < released.Length; i++)
        {
            int frame = i;
            _sender.Send(_peer, kind: 1, "", Floats(Big, 1), () => Interlocked.Increment(ref released[frame]));
        }
        using (RawPeer peer = Accept())
            peer.Read(1 << 20);

        Assert.Equal(_peer, _losses.Next().Address);
        Assert.Equal([1, 1, 1], released);

        _sender.Send(_peer, kind: 2, "", [1f]);
        using RawPeer again = Accept();
        Assert.Equal(2, again.Read(FrameFormat.HeaderBytes)[4]);
    }

    [Fact]
    public void An_idle_link_whose_peer_goes_is_reported_as_well()
    {
        _sender.Send(_peer, kind: 1, "", []);
        using (RawPeer peer = Accept())
            peer.Read(FrameFormat.HeaderBytes);

        Assert.Equal(0, _losses.Next().DroppedFrames);
    }

    [Fact]
    public void Nobody_listening_is_a_loss_with_a_reason()
    {
        _listener.Dispose();
        int released = 0;
        _sender.Send(_peer, kind: 1, "", [], () => released++);

        LinkLoss loss = _losses.Next();
        Assert.Equal((1, 1), (loss.DroppedFrames, released));
        Assert.Contains("cannot be reached", loss.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_full_queue_drops_at_once_and_says_so()
    {
        int released = 0;
        for (int i = 0; i < 4; i++)
            Assert.True(_sender.Send(_peer, kind: 1, "", Floats(Big, 1)));

        Assert.False(_sender.Send(_peer, kind: 1, "", [1f], () => released++));
        Assert.Equal(1, released);
        Assert.Equal(1, _sender.Counters.FramesDropped);
    }

    [Fact]
    public async Task Bytes_that_wait_are_bounded_too()
    {
        await using TensorTransport sender = TensorTransport.Listen(_options with { QueueBytes = 1000, QueueFrames = 1000 }, new Arrivals());
        Assert.True(sender.Send(_peer, kind: 1, "", Floats(Big, 1)));
        Assert.False(sender.Send(_peer, kind: 1, "", [1f]));
    }

    [Fact]
    public async Task What_a_run_needs_finds_room_however_little_there_is_otherwise()
    {
        await using TensorTransport sender = TensorTransport.Listen(_options with { QueueBytes = 1000, QueueFrames = 1000 }, new Arrivals());
        sender.MakeRoomFor(5L * sizeof(float) * Big);
        for (int i = 0; i < 4; i++)
            Assert.True(sender.Send(_peer, kind: 1, "", Floats(Big, 1)));
        Assert.False(sender.Send(_peer, kind: 1, "", Floats(2 * Big, 1)));
    }

    [Fact]
    public async Task What_is_kept_anyway_waits_however_much_it_is()
    {
        await using TensorTransport sender = TensorTransport.Listen(_options with { QueueBytes = 1000, QueueFrames = 1000 }, new Arrivals());
        for (int i = 0; i < 3; i++)
            Assert.True(sender.SendKept(_peer, kind: 1, [], [Floats(Big, 1)]));
        Assert.True(sender.Send(_peer, kind: 1, "", [1f]));
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_left_after_the_deadline()
    {
        Happenings<LinkLoss> losses = new();
        TensorTransport impatient = TensorTransport.Listen(_options with { StallDeadline = TimeSpan.FromMilliseconds(100), LinkLost = losses.Add }, new Arrivals());
        int released = 0;
        impatient.Send(_peer, kind: 1, "", Floats(4 * Big, 1), () => released++);
        using RawPeer stalled = Accept();

        Assert.Contains("has taken no byte", losses.Next().Reason, StringComparison.Ordinal);
        Assert.Equal(1, released);
        await impatient.DisposeAsync().AsTask().WaitAsync(Deadline);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_holds_up_neither_send_nor_dispose()
    {
        int released = 0;
        _sender.Send(_peer, kind: 1, "", Floats(4 * Big, 1), () => Interlocked.Increment(ref released));
        using RawPeer stalled = Accept();
        stalled.Read(FrameFormat.HeaderBytes);
        Assert.True(_sender.Send(_peer, kind: 1, "", Floats(Big, 1), () => Interlocked.Increment(ref released)));

        await _sender.DisposeAsync().AsTask().WaitAsync(Deadline);
        Assert.Equal(2, released);
        Assert.False(_sender.Send(_peer, kind: 1, "", [], () => released++));
        Assert.Equal(3, released);
    }

    [Fact]
    public async Task A_caller_that_writes_to_the_socket_itself_does_not_wait_for_the_peer()
    {
        _sender.Send(_peer, kind: 1, "", []);
        using RawPeer stalled = Accept();
        stalled.Read(FrameFormat.HeaderBytes);
        Assert.True(SpinWait.SpinUntil(() => _sender.Counters.FramesSent == 1, Deadline));

        // Longer than any socket buffer; waiting for the peer would take the whole stall deadline.
        await Task.Run(() => _sender.Send(_peer, kind: 1, "", Floats(4 * Big, 1))).WaitAsync(_options.StallDeadline / 2);
    }

    [Fact]
    public async Task Dispose_in_the_middle_of_traffic_releases_every_payload_once()
    {
        Arrivals arrivals = new();
        TensorTransport receiver = TensorTransport.Listen(Options("receiver"), arrivals);
        TensorTransport sender = TensorTransport.Listen(Options("busy sender"), new Arrivals());
        int sent = 0, released = 0;
        using CancellationTokenSource stop = new();
        Task sending = Task.Run(() =>
        {
            float[] payload = Floats(200_000, 1);
            while (!stop.IsCancellationRequested)
            {
                sender.Send(receiver.Address, kind: 1, "", payload, () => Interlocked.Increment(ref released));
                sent++;
            }
        });
        for (int i = 0; i < 20; i++)
            arrivals.Next();

        await receiver.DisposeAsync().AsTask().WaitAsync(Deadline);
        await sender.DisposeAsync().AsTask().WaitAsync(Deadline);
        await stop.CancelAsync();
        await sending.WaitAsync(Deadline);
        Assert.Equal(sent, released);
    }

    [Fact]
    public void What_is_forgotten_is_closed()
    {
        _sender.Send(_peer, kind: 1, "", []);
        using RawPeer peer = Accept();
        peer.Read(FrameFormat.HeaderBytes);
        _sender.Forget(_peer);

        Assert.True(peer.IsClosed());
    }

    private RawPeer Accept()
    {
        RawPeer peer = RawPeer.Accept(_listener);
        peer.Welcome(Options("peer"));
        return peer;
    }
}
