using System.Buffers.Binary;

namespace DistNet.Neural;

/// <summary>Images as an IDX file holds them.</summary>
/// <param name="Pixels">Count x Rows x Columns bytes, row-major, 0 (background) to 255.</param>
/// <param name="Count">Images, at least 1.</param>
/// <param name="Rows">Height of each image in pixels, at least 1.</param>
/// <param name="Columns">Width of each image in pixels, at least 1.</param>
public sealed record IdxImages(byte[] Pixels, int Count, int Rows, int Columns);

/// <summary>Reads the IDX format of the MNIST database, gzip-compressed or raw, and writes it raw.</summary>
/// <remarks>
/// The format: a big-endian magic number (two zero bytes, the element type, the number of dimensions), a big-endian 32-bit
/// size for each dimension, then the elements. Only unsigned bytes are read, with three dimensions (images) or one (labels).
/// A file that begins with <c>1f 8b</c> is taken for gzip whatever its name, because downloads are often unpacked on the
/// way. Compressed files must be a single gzip member, as the originals are; elements are unpacked straight into the
/// array that is returned. Source: LeCun, Cortes and Burges, "The MNIST database of handwritten digits", file formats.
/// </remarks>
public static class IdxFile
{
    private const uint ImagesMagic = 0x00000803;
    private const uint LabelsMagic = 0x00000801;

    /// <summary>Reads a file of images.</summary>
    /// <param name="path">The file, gzip or raw.</param>
    /// <exception cref="InvalidDataException">The file is not IDX images, is empty, truncated, over-long or damaged, or needs more than 2 GB.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static IdxImages ReadImages(string path)
    {
        using var reader = new IdxReader(path);
        var sizes = reader.ReadHeader(ImagesMagic, "images", ["images", "rows", "columns"]);
        return new IdxImages(reader.ReadElements(sizes), sizes[0], sizes[1], sizes[2]);
    }

    /// <summary>Reads a file of labels.</summary>
    /// <param name="path">The file, gzip or raw.</param>
    /// <param name="classCount">Labels must be below this; 1 to 256.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="classCount"/> is not 1 to 256.</exception>
    /// <exception cref="InvalidDataException">The file is not IDX labels, is empty, truncated, over-long or damaged, or a label is out of range.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static byte[] ReadLabels(string path, int classCount = 10)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(classCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(classCount, 256);
        using var reader = new IdxReader(path);
        var labels = reader.ReadElements(reader.ReadHeader(LabelsMagic, "labels", ["labels"]));
        var wrong = labels.AsSpan().IndexOfAnyExceptInRange((byte)0, (byte)(classCount - 1));
        if (wrong >= 0)
            throw FileDamage.At(path, 8 + wrong, $"a label from 0 to {classCount - 1}", $"{labels[wrong]}", "use a data set of that many classes");
        return labels;
    }

    /// <summary>Writes a file of images.</summary>
    internal static void WriteImages(Stream stream, ImageSet images)
    {
        WriteHeader(stream, ImagesMagic, [images.Count, images.Rows, images.Columns]);
        stream.Write(images.Pixels);
    }

    /// <summary>Writes a file of labels.</summary>
    internal static void WriteLabels(Stream stream, ImageSet images)
    {
        WriteHeader(stream, LabelsMagic, [images.Count]);
        stream.Write(images.Labels);
    }

    private static void WriteHeader(Stream stream, uint magic, ReadOnlySpan<int> sizes)
    {
        Span<byte> number = stackalloc byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(number, magic);
        stream.Write(number);
        foreach (var size in sizes)
        {
            BinaryPrimitives.WriteInt32BigEndian(number, size);
            stream.Write(number);
        }
    }
}
