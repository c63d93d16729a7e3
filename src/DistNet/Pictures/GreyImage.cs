using SkiaSharp;

namespace DistNet;

/// <summary>A picture as amounts of ink: how far each pixel is from the ground, whether that is lighter or darker.</summary>
/// <param name="Ink">Height x Width, row-major, from 0; the ground is 0.</param>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
internal sealed record GreyImage(float[] Ink, int Width, int Height)
{
    private const int MaximumSide = 10_000; // pixels

    /// <summary>Reads a picture; what is transparent counts as white.</summary>
    /// <exception cref="InvalidDataException">It is no picture, or too large.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static GreyImage Read(string path)
    {
        using var stream = File.OpenRead(path);
        using var codec = SKCodec.Create(stream)
            ?? throw new InvalidDataException($"{path} is no picture that can be read: expected PNG, JPEG, WebP, BMP or GIF");
        if (Math.Max(codec.Info.Width, codec.Info.Height) > MaximumSide)
            throw new InvalidDataException($"{path} has {codec.Info.Width} x {codec.Info.Height} pixels: at most {MaximumSide} x {MaximumSide} are read");
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        return result == SKCodecResult.Success
            ? Of([.. bitmap.Pixels.Select(Grey)], bitmap.Width, bitmap.Height)
            : throw new InvalidDataException($"{path} is damaged: its pixels could not be read ({result}); take a fresh copy");
    }

    /// <summary>The amounts of ink of grey levels.</summary>
    /// <param name="grey">Height x width, row-major; the ground is the median of the outermost pixels.</param>
    /// <param name="width">Pixels across.</param>
    /// <param name="height">Pixels down.</param>
    public static GreyImage Of(float[] grey, int width, int height)
    {
        float[] border = [.. Border(grey, width, height).Order()];
        var ground = border[border.Length / 2];
        return new GreyImage([.. grey.Select(level => MathF.Abs(level - ground))], width, height);
    }

    /// <summary>Ink of the outermost pixels.</summary>
    public IEnumerable<float> BorderInk() => Border(Ink, Width, Height);

    private static IEnumerable<float> Border(float[] values, int width, int height)
    {
        for (var i = 0; i < values.Length; i++)
        {
            var (row, column) = (i / width, i % width);
            if (row == 0 || row == height - 1 || column == 0 || column == width - 1) yield return values[i];
        }
    }

    // Luma of ITU-R BT.601, over white.
    private static float Grey(SKColor color)
    {
        var luma = (0.299f * color.Red) + (0.587f * color.Green) + (0.114f * color.Blue);
        return ((luma * color.Alpha) + (255f * (255 - color.Alpha))) / 255;
    }
}
