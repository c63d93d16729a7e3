using System.Globalization;
using System.Net;
using System.Net.Sockets;
using DistNet.Actors.Transport;

namespace DistNet.Benchmarks;

/// <summary>The other process of <see cref="TransportSpeed"/>: sends back what it gets, over a bare socket and over the transport.</summary>
internal static class TransportPeer
{
    /// <summary>Elements of each vector: half of the default network's parameters, 0.8 MB.</summary>
    public const int Elements = 203_525;

    /// <summary>Elements of a vector in bytes.</summary>
    public const int Bytes = Elements * sizeof(float);

    /// <summary>How both processes set their transports up.</summary>
    public static TensorTransportOptions Options(string nodeId) => new()
    {
        ListenAddress = IPAddress.Loopback,
        Secret = new byte[TensorTransportOptions.MinSecretBytes],
        ProtocolVersion = 1,
        Cluster = "benchmark",
        NodeId = nodeId,
        Log = sentence => Console.Error.WriteLine($"{nodeId}: {sentence}"),
    };

    /// <summary>Reads "bare port,transport port".</summary>
    public static (int Bare, int Transport) Parse(string ports)
    {
        var parts = ports.Split(',');
        return (int.Parse(parts[0], CultureInfo.InvariantCulture), int.Parse(parts[1], CultureInfo.InvariantCulture));
    }

    /// <summary>Serves until the bare connection ends.</summary>
    public static async Task RunAsync((int Bare, int Transport) ports)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        var echo = new Echo(new TensorAddress("127.0.0.1", ports.Transport));
        await using var transport = TensorTransport.Listen(Options("peer"), echo);
        echo.Transport = transport;
        socket.Connect(IPAddress.Loopback, ports.Bare);
        socket.Send(BitConverter.GetBytes(transport.Address.Port));
        var buffer = GC.AllocateUninitializedArray<byte>(Bytes, pinned: true);
        while (TryReceive(socket, buffer))
            socket.Send(buffer);
    }

    /// <summary>Reads a whole buffer, the plain way.</summary>
    public static bool TryReceive(Socket socket, Span<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            var read = socket.Receive(buffer);
            if (read == 0)
                return false;
            buffer = buffer[read..];
        }
        return true;
    }

    private sealed class Echo(TensorAddress back) : IFrameSink
    {
        private readonly float[] _vector = GC.AllocateUninitializedArray<float>(Elements, pinned: true);

        public TensorTransport? Transport { get; set; }

        public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
        {
            target = PayloadTarget.Of(_vector.AsMemory(0, header.Length));
            return true;
        }

        public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
        {
            var payload = new ReadOnlyMemory<float>(_vector, 0, header.Length);
            Transport!.Send(back, header.Kind, metadata, new ReadOnlySpan<ReadOnlyMemory<float>>(in payload));
        }

        public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
        {
        }
    }
}
