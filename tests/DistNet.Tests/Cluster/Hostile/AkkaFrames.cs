using System.Buffers.Binary;
using System.Text;

namespace DistNet.Tests.Cluster.Hostile;

/// <summary>The bytes that Akka's nodes exchange, written by hand, so that any part of them can be wrong.</summary>
/// <remarks>Frames are a length, four bytes little-endian, and a message in Protocol Buffers (WireFormats.proto of Akka.Remote).</remarks>
internal static class AkkaFrames
{
    private const int Varint = 0;
    private const int Fixed64 = 1;
    private const int Delimited = 2;

    /// <summary>A frame.</summary>
    public static byte[] Frame(byte[] content) => [.. Length(content.Length), .. content];

    /// <summary>The length with which a frame begins, true or not.</summary>
    public static byte[] Length(int bytes)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes);
        return length;
    }

    /// <summary>What a node says first: who it is.</summary>
    public static byte[] Associate(string system, string host, int port)
    {
        byte[] origin = [.. Text(1, system), .. Text(2, host), .. Number(3, port), .. Text(4, "tcp")];
        byte[] handshake = [.. Bytes(1, origin), .. Tag(2, Fixed64), .. BitConverter.GetBytes((long)port)];
        return Bytes(2, [.. Number(1, 1), .. Bytes(2, handshake)]);
    }

    /// <summary>A message to an actor.</summary>
    /// <param name="recipient">Its path.</param>
    /// <param name="sender">Path of whoever shall have the answer.</param>
    /// <param name="serializer">Identifier of the serializer that is to read the payload.</param>
    /// <param name="payload">What it is to read.</param>
    /// <param name="manifest">What the serializer is told about the payload.</param>
    public static byte[] Message(string recipient, string sender, int serializer, byte[] payload, string manifest = "")
    {
        byte[] message = [.. Bytes(1, payload), .. Number(2, serializer), .. Text(3, manifest)];
        byte[] envelope = [.. Bytes(1, Text(1, recipient)), .. Bytes(2, message), .. Bytes(4, Text(1, sender)), .. Tag(5, Fixed64), .. BitConverter.GetBytes(-1L)];
        return Bytes(1, Bytes(2, envelope));
    }

    private static byte[] Text(int field, string text) => Bytes(field, Encoding.UTF8.GetBytes(text));

    private static byte[] Bytes(int field, byte[] bytes) => [.. Tag(field, Delimited), .. Written(bytes.Length), .. bytes];

    private static byte[] Number(int field, int number) => [.. Tag(field, Varint), .. Written(number)];

    private static byte[] Tag(int field, int kind) => [(byte)((field << 3) | kind)];

    // Seven bits a byte; a negative number has ten bytes.
    private static byte[] Written(long number)
    {
        List<byte> bytes = [];
        var rest = (ulong)number;
        for (; rest > 0x7F; rest >>= 7) bytes.Add((byte)(rest | 0x80));
        return [.. bytes, (byte)rest];
    }
}
