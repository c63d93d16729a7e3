namespace DistNet;

/// <summary>Brings a picture of one digit to the form of MNIST's images: the ink fitted into 20 x 20 pixels, and placed by its centre of mass in
/// 28 x 28.</summary>
/// <remarks>LeCun, Cortes and Burges, The MNIST database of handwritten digits. MNIST's own images come out as they went in.</remarks>
internal static class DigitReduction
{
    /// <summary>Pixels across and down a reduced image.</summary>
    public const int Side = 28;

    private const int BoxSide = 20;
    private const float ShareOfBorder = 0.9f; // of the outermost pixels is ground and its noise

    /// <summary>Reduces a picture.</summary>
    /// <returns>Side x Side grey levels, row-major, ink 255 at most, ground 0; null if there is no ink.</returns>
    public static byte[]? Reduce(GreyImage image)
    {
        float[] border = [.. image.BorderInk().Order()];
        var noise = border[(int)(ShareOfBorder * (border.Length - 1))];
        float[] ink = [.. image.Ink.Select(amount => amount > noise ? amount : 0)];
        if (BoxOf(ink, image.Width) is not { } box) return null;
        var scale = (float)BoxSide / Math.Max(box.Width, box.Height);
        var (width, height) = (Scaled(box.Width, scale), Scaled(box.Height, scale));
        return Place(Averages(ink, image.Width, box, width, height), width, height);
    }

    private static int Scaled(int length, float scale) => Math.Max(1, (int)MathF.Round(length * scale));

    private static Box? BoxOf(float[] ink, int width)
    {
        int[] inked = [.. Enumerable.Range(0, ink.Length).Where(i => ink[i] > 0)];
        if (inked.Length == 0) return null;
        var (left, right) = (inked.Min(i => i % width), inked.Max(i => i % width));
        var (top, bottom) = (inked[0] / width, inked[^1] / width);
        return new Box(left, top, right - left + 1, bottom - top + 1);
    }

    /// <summary>Each pixel of the smaller image is the mean of the area it covers in the larger.</summary>
    private static float[] Averages(float[] ink, int stride, Box box, int width, int height)
    {
        var (columns, rows) = (Weights(box.Width, width), Weights(box.Height, height));
        var result = new float[width * height];
        for (var y = 0; y < height; y++)
        {
            for (var x = 0; x < width; x++)
            {
                foreach (var (row, rowWeight) in rows[y])
                {
                    foreach (var (column, weight) in columns[x])
                        result[(y * width) + x] += rowWeight * weight * ink[((box.Top + row) * stride) + box.Left + column];
                }
            }
        }

        return result;
    }

    /// <summary>For each of the target pixels of a line: which source pixels it covers, and how much of it each makes up.</summary>
    private static (int Source, float Weight)[][] Weights(int sources, int targets)
    {
        var length = (double)sources / targets;
        return [.. Enumerable.Range(0, targets).Select(target => Covered(target * length, (target + 1) * length, sources).ToArray())];
    }

    private static IEnumerable<(int Source, float Weight)> Covered(double from, double to, int sources)
    {
        for (var source = (int)from; source < Math.Min(to, sources); source++)
        {
            var covered = Math.Min(to, source + 1) - Math.Max(from, source);
            if (covered > 1e-9) yield return (source, (float)(covered / (to - from)));
        }
    }

    /// <summary>Puts the centre of mass on the middle of the field, to the pixel at or after it, as MNIST has it.</summary>
    private static byte[] Place(float[] box, int width, int height)
    {
        var (mass, most) = (box.Sum(), box.Max());
        var centreX = box.Select((ink, i) => ink * ((i % width) + 0.5)).Sum() / mass;
        var centreY = box.Select((ink, i) => ink * ((i / width) + 0.5)).Sum() / mass;
        var (left, top) = (Shift(centreX, width), Shift(centreY, height));
        var field = new byte[Side * Side];
        for (var i = 0; i < box.Length; i++) field[((top + (i / width)) * Side) + left + (i % width)] = (byte)MathF.Round(255 * box[i] / most);
        return field;
    }

    private static int Shift(double centre, int length) => Math.Clamp((int)Math.Ceiling((Side / 2) - centre), 0, Side - length);

    private sealed record Box(int Left, int Top, int Width, int Height);
}
