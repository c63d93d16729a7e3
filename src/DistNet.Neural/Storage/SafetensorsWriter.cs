using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>Writes safetensors files: a public format that any safetensors reader understands.</summary>
/// <remarks>
/// The format: the header's length as a little-endian 64-bit number; a JSON header padded with blanks so that the data is aligned to 8
/// bytes; the tensors' little-endian bytes, one after another. To the metadata this adds <see cref="ChecksumName"/>: the SHA-256
/// of the whole file, taken with these 64 digits as '0'. Source: https://github.com/huggingface/safetensors, "Format".
/// </remarks>
public static class SafetensorsWriter
{
    /// <summary>Name of the metadata field that holds the checksum.</summary>
    public const string ChecksumName = "sha256";

    private const int PrefixSizeBytes = 8;
    private const int AlignmentBytes = 8;

    internal static readonly string NoChecksum = new('0', 2 * SHA256.HashSizeInBytes);

    /// <summary>Writes a file that is either wholly there or not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="tensors">In the order in which their bytes are to lie; they may share memory.</param>
    /// <param name="metadata">Texts that belong to the file; may be empty.</param>
    /// <exception cref="ArgumentException">Two tensors share a name, a shape does not fit its values, or the
    /// metadata has a field <see cref="ChecksumName"/>.</exception>
    /// <exception cref="IOException">The disk is full, read-only or gone; nothing is left and what was there is unchanged.</exception>
    public static void Write(string path, IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        ArgumentNullException.ThrowIfNull(metadata);
        Check(tensors, metadata);
        var header = Header(tensors, metadata);
        var checksumAt = header.AsSpan().IndexOf(JsonSerializer.SerializeToUtf8Bytes(NoChecksum)) + 1;
        Convert.TryToHexStringLower(Hash(header, tensors), header.AsSpan(checksumAt), out _);
        AtomicFile.Write(path, stream =>
        {
            stream.Write(header);
            foreach (var tensor in tensors)
                LittleEndianFloats.Send(tensor.Values.Span, stream.Write);
        });
    }

    private static void Check(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        if (metadata.ContainsKey(ChecksumName))
            throw new ArgumentException($"Expected no metadata field '{ChecksumName}': it is added here.", nameof(metadata));
        var names = new HashSet<string>(StringComparer.Ordinal) { SafetensorsHeader.MetadataName };
        foreach (var tensor in tensors)
        {
            if (!names.Add(tensor.Name))
                throw new ArgumentException($"Expected tensors with names of their own, got '{tensor.Name}' twice.", nameof(tensors));
            if (tensor.Shape.Aggregate(1L, (product, size) => checked(product * size)) != tensor.Values.Length)
                throw new ArgumentException($"Expected [{string.Join(", ", tensor.Shape)}] values in tensor {tensor.Name}, got {tensor.Values.Length}.", nameof(tensors));
        }
    }

    /// <summary>Prefix and header, with zeros where the checksum goes.</summary>
    private static byte[] Header(IReadOnlyList<SafetensorsTensor> tensors, IReadOnlyDictionary<string, string> metadata)
    {
        var json = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(json, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            writer.WriteStartObject();
            WriteMetadata(writer, metadata);
            WriteEntries(writer, tensors);
            writer.WriteEndObject();
        }
        var length = (json.WrittenCount + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;
        var header = new byte[PrefixSizeBytes + length];
        header.AsSpan().Fill((byte)' ');
        BinaryPrimitives.WriteInt64LittleEndian(header, length);
        json.WrittenSpan.CopyTo(header.AsSpan(PrefixSizeBytes));
        return header;
    }

    private static void WriteMetadata(Utf8JsonWriter writer, IReadOnlyDictionary<string, string> metadata)
    {
        writer.WriteStartObject(SafetensorsHeader.MetadataName);
        writer.WriteString(ChecksumName, NoChecksum); // first, so that nothing before it can look like it
        foreach (var (name, text) in metadata)
            writer.WriteString(name, text);
        writer.WriteEndObject();
    }

    private static void WriteEntries(Utf8JsonWriter writer, IReadOnlyList<SafetensorsTensor> tensors)
    {
        long offset = 0;
        foreach (var tensor in tensors)
        {
            writer.WriteStartObject(tensor.Name);
            writer.WriteString("dtype", "F32");
            WriteNumbers(writer, "shape", tensor.Shape.Select(size => (long)size));
            var end = offset + ((long)tensor.Values.Length * sizeof(float));
            WriteNumbers(writer, "data_offsets", [offset, end]);
            writer.WriteEndObject();
            offset = end;
        }
    }

    private static void WriteNumbers(Utf8JsonWriter writer, string name, IEnumerable<long> numbers)
    {
        writer.WriteStartArray(name);
        foreach (var number in numbers)
            writer.WriteNumberValue(number);
        writer.WriteEndArray();
    }

    private static byte[] Hash(byte[] header, IReadOnlyList<SafetensorsTensor> tensors)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        foreach (var tensor in tensors)
            LittleEndianFloats.Send(tensor.Values.Span, hash.AppendData);
        return hash.GetHashAndReset();
    }
}
