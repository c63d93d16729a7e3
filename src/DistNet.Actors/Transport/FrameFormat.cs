using System.Buffers.Binary;
using System.IO.Hashing;

namespace DistNet.Actors.Transport;

/// <summary>The bytes of a frame: header, metadata, payload; all numbers little-endian.</summary>
internal static class FrameFormat
{
    /// <summary>Size of the header.</summary>
    public const int HeaderBytes = 32;

    /// <summary>"DNTF" in the order of the bytes.</summary>
    private const uint Magic = 0x4654_4E44;

    private const int KindAt = 4;
    private const int ElementAt = 5;
    private const int MetadataLengthAt = 6;
    private const int LengthAt = 8;
    private const int MetadataChecksumAt = 12;
    private const int PayloadChecksumAt = 16;
    private const int HeaderChecksumAt = 24;

    /// <summary>Writes header and metadata but for the checksums that <see cref="CompleteHead"/> adds.</summary>
    /// <param name="head">Receives them; at least <see cref="HeaderBytes"/> and the metadata's length.</param>
    /// <param name="kind">The application's kind.</param>
    /// <param name="element">What the payload's elements are.</param>
    /// <param name="length">Elements of the payload.</param>
    /// <param name="metadata">Bytes for the receiver's sink.</param>
    public static void WriteHead(Span<byte> head, byte kind, PayloadElement element, int length, ReadOnlySpan<byte> metadata)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(head, Magic);
        head[KindAt] = kind;
        head[ElementAt] = (byte)element;
        BinaryPrimitives.WriteUInt16LittleEndian(head[MetadataLengthAt..], (ushort)metadata.Length);
        BinaryPrimitives.WriteInt32LittleEndian(head[LengthAt..], length);
        BinaryPrimitives.WriteUInt32LittleEndian(head[MetadataChecksumAt..], MetadataChecksum(metadata));
        metadata.CopyTo(head[HeaderBytes..]);
    }

    /// <summary>Writes the checksums of the payload and of the header.</summary>
    public static void CompleteHead(Span<byte> head, ulong payloadChecksum)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(head[PayloadChecksumAt..], payloadChecksum);
        BinaryPrimitives.WriteUInt64LittleEndian(head[HeaderChecksumAt..], XxHash3.HashToUInt64(head[..HeaderChecksumAt]));
    }

    /// <summary>Reads a header that may be anything.</summary>
    /// <param name="bytes"><see cref="HeaderBytes"/> bytes.</param>
    /// <param name="peer">Node id of the sender.</param>
    /// <param name="maxPayloadBytes">The receiver's limit.</param>
    /// <param name="header">The header, if it is sound.</param>
    /// <param name="metadataLength">Bytes of metadata that follow, if it is sound.</param>
    /// <returns>What is wrong with it; null if nothing.</returns>
    public static string? TryReadHeader(ReadOnlySpan<byte> bytes, string peer, int maxPayloadBytes, out FrameHeader header, out int metadataLength)
    {
        header = default;
        metadataLength = BinaryPrimitives.ReadUInt16LittleEndian(bytes[MetadataLengthAt..]);
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var magic && magic != Magic)
            return $"it begins with 0x{magic:X8} in place of 0x{Magic:X8}";
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes[HeaderChecksumAt..]) != XxHash3.HashToUInt64(bytes[..HeaderChecksumAt]))
            return "the checksum of its header is wrong";
        if (bytes[ElementAt] is var element && element is not ((byte)PayloadElement.Byte or (byte)PayloadElement.Float))
            return $"its elements have {element} bytes";
        if (metadataLength > TensorTransport.MaxMetadataBytes)
            return $"its metadata has {metadataLength} bytes, and {TensorTransport.MaxMetadataBytes} are allowed";
        long payloadBytes = (long)BinaryPrimitives.ReadUInt32LittleEndian(bytes[LengthAt..]) * element;
        if (payloadBytes > maxPayloadBytes)
            return $"its payload has {payloadBytes} bytes, and {maxPayloadBytes} are allowed";
        header = new FrameHeader(peer, bytes[KindAt], (PayloadElement)element, (int)(payloadBytes / element));
        return null;
    }

    /// <summary>Whether the metadata that followed a header is what its sender wrote.</summary>
    public static bool IsMetadataRight(ReadOnlySpan<byte> header, ReadOnlySpan<byte> metadata) =>
        BinaryPrimitives.ReadUInt32LittleEndian(header[MetadataChecksumAt..]) == MetadataChecksum(metadata);

    /// <summary>The checksum that the payload after a header must have.</summary>
    public static ulong PayloadChecksum(ReadOnlySpan<byte> header) => BinaryPrimitives.ReadUInt64LittleEndian(header[PayloadChecksumAt..]);

    private static uint MetadataChecksum(ReadOnlySpan<byte> metadata) => (uint)XxHash3.HashToUInt64(metadata);
}
