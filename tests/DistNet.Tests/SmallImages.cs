using System.Buffers.Binary;

namespace DistNet.Tests;

/// <summary>Writes folders in MNIST's layout with a few small images, each class a pattern of its own under noise.</summary>
internal static class SmallImages
{
    public const int Side = 8;

    public static void WriteFolder(string folder, int training = 240, int test = 60, int side = Side, int seed = 1)
    {
        Directory.CreateDirectory(folder);
        WriteSet(Path.Combine(folder, "train"), training, side, seed);
        WriteSet(Path.Combine(folder, "t10k"), test, side, seed + 1);
    }

    public static string ImagesOf(string folder, string set = "train") => Path.Combine(folder, $"{set}-images-idx3-ubyte");

    public static string LabelsOf(string folder, string set = "train") => Path.Combine(folder, $"{set}-labels-idx1-ubyte");

    private static void WriteSet(string prefix, int count, int side, int seed)
    {
        var random = new Random(seed);
        var labels = Enumerable.Range(0, count).Select(_ => (byte)random.Next(10)).ToArray();
        var pixels = labels.SelectMany(label => Enumerable.Range(0, side * side).Select(pixel => Pixel(label, pixel, random))).ToArray();
        File.WriteAllBytes($"{prefix}-images-idx3-ubyte", [.. Header(0x803, count, side, side), .. pixels]);
        File.WriteAllBytes($"{prefix}-labels-idx1-ubyte", [.. Header(0x801, count), .. labels]);
    }

    private static byte Pixel(byte label, int pixel, Random random) =>
        (byte)((pixel % 10 == label ? 150 : 0) + random.Next(100));

    private static byte[] Header(params int[] numbers)
    {
        var header = new byte[4 * numbers.Length];
        for (var i = 0; i < numbers.Length; i++) BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4 * i), numbers[i]);
        return header;
    }
}
