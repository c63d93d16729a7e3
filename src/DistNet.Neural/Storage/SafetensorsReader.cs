using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace DistNet.Neural;

/// <summary>Reads safetensors files whose tensors are F32, straight into the caller's arrays.</summary>
/// <remarks>Opening checks everything: header, offsets, the file's length and, if the file has one, the checksum of <see cref="SafetensorsWriter"/>.</remarks>
public sealed class SafetensorsReader : IDisposable
{
    private const int PrefixSizeBytes = 8;
    private const int HashBlockSizeBytes = 1 << 18;

    /// <summary>Headers beyond this are refused, as the format's own library does.</summary>
    private const long HeaderLimitBytes = 100_000_000;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly byte[] _header; // prefix included
    private readonly SafetensorsHeader _parsed;

    private SafetensorsReader(string path, FileStream file)
    {
        (_path, _file) = (path, file);
        _header = ReadHeader();
        _parsed = SafetensorsHeader.Parse(path, _header.AsMemory(PrefixSizeBytes), file.Length - _header.Length);
        CheckChecksum();
    }

    /// <summary>The texts that belong to the file.</summary>
    public ImmutableDictionary<string, string> Metadata => _parsed.Metadata;

    /// <summary>The tensors in the order of their bytes.</summary>
    public ImmutableArray<SafetensorsEntry> Entries => _parsed.Entries;

    /// <summary>Opens a file and checks it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, holds other numbers than F32, or its checksum does not fit.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static SafetensorsReader Open(string path)
    {
        var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0, FileOptions.SequentialScan);
        var opened = false;
        try
        {
            var reader = new SafetensorsReader(path, file);
            opened = true;
            return reader;
        }
        finally
        {
            if (!opened)
                file.Dispose();
        }
    }

    /// <summary>Reads one tensor; in the order of <see cref="Entries"/> the file is read from front to back.</summary>
    /// <param name="entry">One of <see cref="Entries"/>.</param>
    /// <param name="values">As many as the tensor has; overwritten.</param>
    /// <exception cref="ArgumentException">The span has the wrong length.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Read(SafetensorsEntry entry, Span<float> values)
    {
        ArgumentNullException.ThrowIfNull(entry);
        if (values.Length != entry.Length)
            throw new ArgumentException($"Expected {entry.Length} values for tensor {entry.Name}, got {values.Length}.", nameof(values));
        _file.Position = _header.Length + entry.Offset;
        LittleEndianFloats.Read(_file, values);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => _file.Dispose();

    private byte[] ReadHeader()
    {
        if (_file.Length < PrefixSizeBytes)
            throw FileDamage.At(_path, 0, "the 8 bytes of the header's length", $"a file of {_file.Length} bytes", FileDamage.UseEarlier);
        Span<byte> prefix = stackalloc byte[PrefixSizeBytes];
        _file.ReadExactly(prefix);
        var length = BinaryPrimitives.ReadUInt64LittleEndian(prefix);
        var limit = (ulong)Math.Min(HeaderLimitBytes, _file.Length - PrefixSizeBytes);
        if (length < 2 || length > limit)
            throw FileDamage.At(_path, 0, $"a header of 2 to {limit} bytes", $"{length}", FileDamage.UseEarlier);
        var header = new byte[PrefixSizeBytes + (int)length];
        prefix.CopyTo(header);
        _file.ReadExactly(header.AsSpan(PrefixSizeBytes));
        return header;
    }

    private void CheckChecksum()
    {
        if (!Metadata.TryGetValue(SafetensorsWriter.ChecksumName, out var expected))
            return;
        var zeroed = _header.ToArray();
        var at = zeroed.AsSpan().IndexOf(Encoding.UTF8.GetBytes($"\"{expected}\""));
        if (expected.Length != SafetensorsWriter.NoChecksum.Length || at < 0)
            throw FileDamage.Whole(_path, "a checksum of 64 hexadecimal digits", $"'{expected}'", FileDamage.UseEarlier);
        zeroed.AsSpan(at + 1, expected.Length).Fill((byte)'0');
        var found = Hash(zeroed);
        if (found != expected)
            throw FileDamage.Whole(_path, $"the SHA-256 {expected} that it names", found, FileDamage.UseEarlier);
    }

    private string Hash(byte[] header)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(header);
        var buffer = new byte[Math.Clamp(_file.Length - header.Length, 1, HashBlockSizeBytes)];
        _file.Position = header.Length;
        for (var read = _file.Read(buffer); read > 0; read = _file.Read(buffer))
            hash.AppendData(buffer, 0, read);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
