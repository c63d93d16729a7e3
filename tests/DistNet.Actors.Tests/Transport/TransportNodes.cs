using System.Collections.Concurrent;
using System.Net;
using System.Text;
using DistNet.Actors.Transport;

namespace DistNet.Actors.Tests.Transport;

/// <summary>Transports on loopback, what they say, and what arrives at them.</summary>
internal static class TransportNodes
{
    public static readonly TimeSpan Deadline = TimeSpan.FromSeconds(20);

    public static TensorTransportOptions Options(string nodeId) => new()
    {
        ListenAddress = IPAddress.Loopback,
        Secret = "a secret of sixteen bytes or more"u8.ToArray(),
        ProtocolVersion = 3,
        Cluster = "specs",
        NodeId = nodeId,
        MinBackOff = TimeSpan.FromMilliseconds(1),
    };

    public static float[] Floats(int length, int seed)
    {
        float[] floats = new float[length];
        new Random(seed).NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(floats.AsSpan()));
        return floats;
    }

    public static bool Send(this TensorTransport transport, TensorAddress to, byte kind, string metadata, float[] payload, Action? release = null) =>
        transport.Send(to, kind, Encoding.UTF8.GetBytes(metadata), [payload], _ => release?.Invoke());
}

/// <summary>What became of a frame at its receiver.</summary>
internal sealed record Arrival(bool IsComplete, string Peer, byte Kind, string Metadata, float[] Floats, byte[] Bytes);

/// <summary>Takes every frame but those of one kind, and shows what became of them.</summary>
internal sealed class Arrivals : IFrameSink
{
    public const byte RefusedKind = 99;

    private readonly BlockingCollection<Arrival> _arrivals = [];

    public int Asked;

    public bool TryAccept(in FrameHeader header, ReadOnlySpan<byte> metadata, out PayloadTarget target)
    {
        Interlocked.Increment(ref Asked);
        float[] floats = new float[header.Element == PayloadElement.Float && header.Kind != RefusedKind ? header.Length : 0];
        byte[] bytes = new byte[header.Element == PayloadElement.Byte ? header.Length : 0];
        target = header.Element == PayloadElement.Float ? PayloadTarget.Of(floats, (floats, bytes)) : PayloadTarget.OfBytes(bytes, (floats, bytes));
        return header.Kind != RefusedKind;
    }

    public void Complete(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target) => Add(true, header, metadata, target);

    public void Abandon(in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target) => Add(false, header, metadata, target);

    public Arrival Next() =>
        _arrivals.TryTake(out Arrival? arrival, TransportNodes.Deadline) ? arrival : throw new TimeoutException("No frame arrived.");

    private void Add(bool isComplete, in FrameHeader header, ReadOnlySpan<byte> metadata, in PayloadTarget target)
    {
        (float[] floats, byte[] bytes) = ((float[], byte[]))target.Owner!;
        _arrivals.Add(new Arrival(isComplete, header.Peer, header.Kind, Encoding.UTF8.GetString(metadata), floats, bytes));
    }
}

/// <summary>Things that happen on other threads, one after the other.</summary>
internal sealed class Happenings<T>
{
    private readonly BlockingCollection<T> _items = [];

    public int Count => _items.Count;

    public void Add(T item) => _items.Add(item);

    public T Next() => _items.TryTake(out T? item, TransportNodes.Deadline) ? item : throw new TimeoutException($"No {typeof(T).Name} came.");

    public T Next(Func<T, bool> condition)
    {
        T item = Next();
        while (!condition(item))
            item = Next();
        return item;
    }
}
