using System.Buffers.Binary;
using System.IO.Compression;

namespace DistNet.Neural.Tests;

/// <summary>IDX files made by hand, to be read or to be damaged first.</summary>
internal static class IdxBytes
{
    public const uint Images = 0x00000803;
    public const uint Labels = 0x00000801;

    public static byte[] Of(uint magic, uint[] sizes, byte[] elements)
    {
        var file = new byte[4 + (4 * sizes.Length) + elements.Length];
        BinaryPrimitives.WriteUInt32BigEndian(file, magic);
        for (var i = 0; i < sizes.Length; i++)
            BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(4 + (4 * i)), sizes[i]);
        elements.CopyTo(file, 4 + (4 * sizes.Length));
        return file;
    }

    /// <summary>Two images of 2 x 3 pixels: 0, 1, ..., 11.</summary>
    public static byte[] TwoImages() => Of(Images, [2, 2, 3], [.. Enumerable.Range(0, 12).Select(pixel => (byte)pixel)]);

    public static byte[] TwoLabels() => Of(Labels, [2], [7, 9]);

    public static byte[] Gzip(byte[] content)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal))
            gzip.Write(content);
        return packed.ToArray();
    }
}
