using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DistNet.Actors.Transport;

namespace DistNet.Benchmarks;

/// <summary>How much of a bare blocking socket's speed the tensor transport reaches: 0.8 MB each way between two processes.</summary>
/// <remarks>
/// Both sides are measured in turn, in short rounds, so that a noisy machine disturbs them alike; a figure is the median over the rounds of a
/// round's median. "busy" adds a spinning thread for each core, as a training run has them.
/// </remarks>
internal static class TransportSpeed
{
    private const int Rounds = 21;
    private const int PingsPerRound = 200;
    private const int WarmUpPings = 300;

    /// <summary>Measures and prints.</summary>
    public static async Task RunAsync(bool isBusy, TextWriter output)
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var pings = new Pings();
        await using var transport = TensorTransport.Listen(TransportPeer.Options("pinger"), pings);
        using var peer = Process.Start(Environment.ProcessPath!, ["transport", "peer", $"{((IPEndPoint)listener.LocalEndPoint!).Port},{transport.Address.Port}"]);
        using (var socket = listener.Accept())
        {
            socket.NoDelay = true;
            var port = new byte[sizeof(int)];
            TransportPeer.TryReceive(socket, port);
            var address = new TensorAddress("127.0.0.1", BitConverter.ToInt32(port));
            using var spinners = new Spinners(isBusy ? Environment.ProcessorCount : 0);
            pings.Send = payload => transport.Send(address, kind: 1, metadata: [], new ReadOnlySpan<ReadOnlyMemory<float>>(in payload));
            Compare(socket, pings, output);
        }
        await peer.WaitForExitAsync();
    }

    private static void Compare(Socket socket, Pings pings, TextWriter output)
    {
        var bytes = GC.AllocateUninitializedArray<byte>(TransportPeer.Bytes, pinned: true);
        Action bare = () =>
        {
            socket.Send(bytes);
            TransportPeer.TryReceive(socket, bytes);
        };
        Round(bare, WarmUpPings);
        pings.Round(WarmUpPings);
        List<double> bareSeconds = [], ourSeconds = [], ratios = [];
        for (var round = 0; round < Rounds; round++)
        {
            bareSeconds.Add(Round(bare, PingsPerRound));
            ourSeconds.Add(pings.Round(PingsPerRound));
            ratios.Add(bareSeconds[^1] / ourSeconds[^1]);
        }
        Print(output, "bare socket", Median(bareSeconds));
        Print(output, "transport", Median(ourSeconds));
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"ratio        {Median(ratios),6:P1} of the bare socket (rounds {ratios.Min():P0} to {ratios.Max():P0})"));
    }

    private static void Print(TextWriter output, string name, double seconds) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture, $"{name,-12} {2 * TransportPeer.Bytes / seconds / 1e9,6:F2} GB/s, {seconds * 1e6,6:F0} us there and back"));

    private static double Round(Action ping, int pings)
    {
        List<double> seconds = [];
        for (var i = 0; i < pings; i++)
        {
            var start = Stopwatch.GetTimestamp();
            ping();
            seconds.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
        }
        return Median(seconds);
    }

    private static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

    /// <summary>Sends the next vector from the thread that received the one before.</summary>
    private sealed class Pings : IFrameSink
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
        private readonly float[] _vector = GC.AllocateUninitializedArray<float>(TransportPeer.Elements, pinned: true);
        private readonly List<double> _seconds = [];
        private TaskCompletionSource _done = new();
        private int _left;
        private long _start;

        public Action<ReadOnlyMemory<float>> Send { get; set; } = _ => { };

        public double Round(int pings)
        {
            _seconds.Clear();
            _done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _left = pings;
            Ping();
            if (!_done.Task.Wait(Deadline))
                throw new TimeoutException("A ping did not come back.");
            return Median(_seconds);
        }

        public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
        {
            target = PayloadTarget.Of(_vector.AsMemory(0, header.Length));
            return true;
        }

        public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
        {
            _seconds.Add(Stopwatch.GetElapsedTime(_start).TotalSeconds);
            if (--_left == 0)
                _done.SetResult();
            else
                Ping();
        }

        public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
        {
        }

        private void Ping()
        {
            _start = Stopwatch.GetTimestamp();
            Send(_vector);
        }
    }

    /// <summary>Threads that keep the cores busy and give way at each turn, as compute threads between two steps do.</summary>
    private sealed class Spinners : IDisposable
    {
        private const int SpinsPerTurn = 30;
        private volatile bool _isStopping;

        public Spinners(int count)
        {
            for (var i = 0; i < count; i++)
                new Thread(Spin) { IsBackground = true }.Start();
        }

        public void Dispose() => _isStopping = true;

        private void Spin()
        {
            while (!_isStopping)
            {
                Thread.SpinWait(SpinsPerTurn);
                Thread.Yield();
            }
        }
    }
}
