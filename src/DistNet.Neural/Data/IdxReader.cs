using System.Buffers.Binary;
using System.IO.Compression;

namespace DistNet.Neural;

/// <summary>Reads one IDX file from front to back and knows where it is, so that each fault names its offset in the unpacked content.</summary>
internal sealed class IdxReader : IDisposable
{
    private const int ReadSizeBytes = 1 << 16;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly Stream _content;
    private long _offset; // bytes of the unpacked content that were consumed

    /// <summary>Opens a file.</summary>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public IdxReader(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, ReadSizeBytes, FileOptions.SequentialScan);
        IsGzip = _file.ReadByte() == 0x1f && _file.ReadByte() == 0x8b;
        _file.Position = 0;
        _content = IsGzip ? new GZipStream(_file, CompressionMode.Decompress) : _file;
    }

    private bool IsGzip { get; }

    /// <summary>Reads magic number and sizes, and refuses what is not a file of this kind and exactly this long.</summary>
    /// <param name="magic">The magic number of the kind.</param>
    /// <param name="kind">The kind in a word, for errors.</param>
    /// <param name="dimensions">What each dimension counts, for errors; as many as the kind has.</param>
    /// <returns>The size of each dimension, at least 1; their product is at most <see cref="Array.MaxLength"/>.</returns>
    /// <exception cref="InvalidDataException">See the summary.</exception>
    public int[] ReadHeader(uint magic, string kind, ReadOnlySpan<string> dimensions)
    {
        var found = ReadUInt32($"the IDX magic number 0x{magic:x8} ({kind})");
        if (found != magic)
            throw At(0, $"the IDX magic number 0x{magic:x8} ({kind})", $"0x{found:x8}");
        var sizes = new int[dimensions.Length];
        UInt128 elements = 1;
        for (var i = 0; i < sizes.Length; i++)
        {
            sizes[i] = ReadSize(dimensions[i]);
            elements *= (uint)sizes[i];
        }
        CheckLength(elements);
        return sizes;
    }

    /// <summary>Reads all elements into an array of exactly their size, and makes sure that nothing follows.</summary>
    /// <param name="sizes">What <see cref="ReadHeader"/> returned.</param>
    /// <exception cref="InvalidDataException">The content is damaged, too short or too long.</exception>
    public byte[] ReadElements(ReadOnlySpan<int> sizes)
    {
        var length = 1;
        foreach (var size in sizes)
            length *= size; // cannot overflow: CheckLength has seen the product
        var elements = GC.AllocateUninitializedArray<byte>(length);
        Fill(elements, $"{length} bytes of elements");
        if (TryRead(new byte[1]) != 0)
            throw At(_offset, "the end of the file", "more bytes");
        return elements;
    }

    public void Dispose()
    {
        _content.Dispose();
        _file.Dispose();
    }

    private int ReadSize(string dimension)
    {
        var size = ReadUInt32($"the number of {dimension}");
        return size is >= 1 and <= int.MaxValue
            ? (int)size
            : throw At(_offset - 4, $"1 to {int.MaxValue} {dimension}", $"{size}");
    }

    /// <summary>Compares the length that the sizes demand with the file's before anything of that length is allocated.</summary>
    private void CheckLength(UInt128 elements)
    {
        if (elements > (UInt128)Array.MaxLength)
            throw At(4, $"sizes of at most {Array.MaxLength} bytes in all", $"sizes of {elements} bytes");
        var expected = _offset + (long)elements;
        var found = IsGzip ? UnpackedLength() : _file.Length;
        if (expected != found)
        {
            var text = IsGzip ? $"a gzip trailer for {found} bytes" : $"{found} bytes";
            throw At(Math.Min(expected, found), $"a file of {expected} bytes, as its sizes say", text);
        }
    }

    /// <summary>The length in the gzip trailer, the last four bytes of the file (RFC 1952, ISIZE); bytes after the trailer make it wrong.</summary>
    /// <remarks>.NET's inflater forgives a missing trailer and bytes behind it, so this is what catches both.</remarks>
    private long UnpackedLength()
    {
        Span<byte> trailer = stackalloc byte[4];
        return RandomAccess.Read(_file.SafeFileHandle, trailer, Math.Max(0, _file.Length - 4)) == 4
            ? BinaryPrimitives.ReadUInt32LittleEndian(trailer)
            : 0;
    }

    private uint ReadUInt32(string expected)
    {
        Span<byte> bytes = stackalloc byte[4];
        Fill(bytes, expected);
        return BinaryPrimitives.ReadUInt32BigEndian(bytes);
    }

    private void Fill(Span<byte> bytes, string expected)
    {
        while (!bytes.IsEmpty)
        {
            var read = TryRead(bytes);
            if (read == 0)
                throw At(_offset, expected, "the end of the file");
            _offset += read;
            bytes = bytes[read..];
        }
    }

    private int TryRead(Span<byte> bytes)
    {
        try
        {
            return _content.Read(bytes);
        }
        catch (InvalidDataException damage)
        {
            throw FileDamage.At(_path, _offset, "intact gzip content", "damaged gzip content", FileDamage.TakeFreshCopy, damage);
        }
    }

    private InvalidDataException At(long offset, string expected, string found) =>
        FileDamage.At(_path, offset, expected, found, FileDamage.TakeFreshCopy);
}
