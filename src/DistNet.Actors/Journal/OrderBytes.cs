using System.Text;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Order events as bytes: the fields in order, whole numbers in 7 bits a byte, texts in UTF-8 after their length.</summary>
public static class OrderBytes
{
    private static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Kind and layout version of an event, by which <see cref="Read(byte[], string)"/> knows how to read it.</summary>
    public static string Manifest(OrderEvent entry) => entry switch
    {
        OrderAccepted => "order-accepted/1",
        OrderBegun => "order-begun/1",
        OrderCancelled => "order-cancelled/1",
        OrderClosed => "order-closed/1",
        _ => throw new ArgumentException($"There is no layout for {entry}.", nameof(entry)),
    };

    /// <summary>An event in the newest layout of its kind. Equal events give equal bytes.</summary>
    public static byte[] Write(OrderEvent entry)
    {
        using MemoryStream stream = new();
        using (BinaryWriter writer = new(stream, Strict))
            Write(writer, entry);
        return stream.ToArray();
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The manifest is not known, or the bytes are not such an event.</exception>
    public static OrderEvent Read(byte[] bytes, string manifest)
    {
        using MemoryStream stream = new(bytes, writable: false);
        using BinaryReader reader = new(stream, Strict);
        try
        {
            OrderEvent entry = Read(reader, manifest);
            return stream.Position == stream.Length ? entry : throw new InvalidDataException($"{stream.Length - stream.Position} bytes are left over.");
        }
        catch (Exception damage) when (damage is InvalidDataException or EndOfStreamException or FormatException or DecoderFallbackException)
        {
            throw new InvalidDataException($"An order event '{manifest}' of {bytes.Length} bytes cannot be read: {damage.Message}", damage);
        }
    }

    private static void Write(BinaryWriter writer, OrderEvent entry)
    {
        switch (entry)
        {
            case OrderAccepted e: WriteAccepted(writer, e); break;
            case OrderBegun e: WriteBegun(writer, e); break;
            case OrderCancelled e: writer.Write(e.RunId); break;
            case OrderClosed e: WriteClosed(writer, e); break;
            default: throw new ArgumentException($"There is no layout for {entry}.", nameof(entry));
        }
    }

    private static OrderEvent Read(BinaryReader reader, string manifest) => manifest switch
    {
        "order-accepted/1" => ReadAccepted(reader),
        "order-begun/1" => new OrderBegun(reader.ReadString(), reader.Read7BitEncodedInt64()),
        "order-cancelled/1" => new OrderCancelled(reader.ReadString()),
        "order-closed/1" => new OrderClosed(reader.ReadString(), ReadEnd(reader), reader.ReadString()),
        _ => throw new InvalidDataException("this version of DistNet does not know its layout; read it with the version that wrote it."),
    };

    private static void WriteAccepted(BinaryWriter writer, OrderAccepted accepted)
    {
        writer.Write(accepted.OrderId);
        writer.Write(accepted.RunId);
        writer.Write(accepted.Spec);
        writer.Write7BitEncodedInt(accepted.Workers);
        writer.Write7BitEncodedInt(accepted.ParameterServers);
        writer.Write7BitEncodedInt(accepted.ParameterShards);
        writer.Write7BitEncodedInt(accepted.CheckpointEvery);
    }

    private static OrderAccepted ReadAccepted(BinaryReader reader) => new(
        reader.ReadString(), reader.ReadString(), reader.ReadString(),
        reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt(), reader.Read7BitEncodedInt());

    private static void WriteBegun(BinaryWriter writer, OrderBegun begun)
    {
        writer.Write(begun.RunId);
        writer.Write7BitEncodedInt64(begun.Incarnation);
    }

    // The numbers of the file, not of the enumeration, so that reordering the latter changes no journal.
    private static void WriteClosed(BinaryWriter writer, OrderClosed closed)
    {
        writer.Write(closed.RunId);
        writer.Write(closed.End switch
        {
            OrderEnd.Completed => (byte)1,
            OrderEnd.Cancelled => (byte)2,
            OrderEnd.Failed => (byte)3,
            _ => throw new ArgumentException($"There is no layout for {closed}.", nameof(closed)),
        });
        writer.Write(closed.Text);
    }

    private static OrderEnd ReadEnd(BinaryReader reader) => reader.ReadByte() switch
    {
        1 => OrderEnd.Completed,
        2 => OrderEnd.Cancelled,
        3 => OrderEnd.Failed,
        var other => throw new InvalidDataException($"An order cannot end as {other}."),
    };
}
