using DistNet.Neural;

namespace DistNet.Actors.Tests;

/// <summary>Small random images, each class brighter than the one before.</summary>
internal static class Pictures
{
    public static ImageSet Of(int count, int side = 32, int classes = 10, int seed = 5)
    {
        Random random = new(seed);
        byte[] labels = [.. Enumerable.Range(0, count).Select(_ => (byte)random.Next(classes))];
        byte[] pixels = [.. labels.SelectMany(label => Enumerable.Range(0, side * side).Select(_ => (byte)(random.Next(100) + label * 150 / classes)))];
        return new ImageSet(pixels, labels, side, side, classes);
    }
}
