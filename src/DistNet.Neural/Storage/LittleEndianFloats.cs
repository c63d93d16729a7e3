using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace DistNet.Neural;

/// <summary>Numbers as the little-endian bytes that files and hashes are made of, whatever the machine's own order.</summary>
internal static class LittleEndianFloats
{
    private const int BlockLength = 1 << 18; // 1 MB: keeps byte counts below 2 GB and conversions small

    /// <summary>Hands the bytes of all numbers to a sink, block by block; on little-endian machines nothing is copied.</summary>
    public static void Send(ReadOnlySpan<float> values, Action<ReadOnlySpan<byte>> sink)
    {
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            sink(MemoryMarshal.AsBytes(BitConverter.IsLittleEndian ? block : Reversed(block)));
        }
    }

    /// <summary>Fills all numbers from a stream.</summary>
    /// <exception cref="EndOfStreamException">The stream is too short.</exception>
    public static void Read(Stream stream, Span<float> values)
    {
        for (var start = 0; start < values.Length; start += BlockLength)
        {
            var block = values.Slice(start, Math.Min(BlockLength, values.Length - start));
            stream.ReadExactly(MemoryMarshal.AsBytes(block));
            if (!BitConverter.IsLittleEndian)
                Reversed(block).CopyTo(block);
        }
    }

    private static ReadOnlySpan<float> Reversed(ReadOnlySpan<float> block)
    {
        var reversed = new float[block.Length];
        BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<float, int>(block), MemoryMarshal.Cast<float, int>(reversed.AsSpan()));
        return reversed;
    }
}
