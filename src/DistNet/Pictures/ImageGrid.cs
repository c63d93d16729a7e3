using DistNet.Neural;
using SkiaSharp;

namespace DistNet;

/// <summary>Small images side by side, each with a line of words below.</summary>
internal static class ImageGrid
{
    private const int Cell = 92;
    private const int Gap = 14;
    private const int WordsHeight = 18;
    private const int TitleHeight = 44;

    /// <summary>Draws the images in rows.</summary>
    /// <param name="title">Over them all.</param>
    /// <param name="images">At least one.</param>
    /// <param name="perRow">Most in a row.</param>
    public static Picture Of(string title, IReadOnlyList<CaptionedImage> images, int perRow)
    {
        var columns = Math.Min(perRow, images.Count);
        var rows = ((images.Count - 1) / columns) + 1;
        var width = Math.Max((columns * (Cell + Gap)) + Gap, 360);
        return new Picture(width, TitleHeight + (rows * (Cell + WordsHeight + Gap)) + Gap, canvas =>
        {
            canvas.DrawWords(title, Gap, 28, 16, SKColors.Black);
            for (var i = 0; i < images.Count; i++)
            {
                var (x, y) = (Gap + (i % columns * (Cell + Gap)), TitleHeight + (i / columns * (Cell + WordsHeight + Gap)));
                Draw(images[i], SKRect.Create(x, y, Cell, Cell), canvas);
            }
        });
    }

    /// <summary>Grey levels as ink on paper: 0 is white.</summary>
    public static SKColor[] Ink(ReadOnlySpan<byte> pixels)
    {
        var colors = new SKColor[pixels.Length];
        for (var i = 0; i < pixels.Length; i++)
        {
            var level = (byte)(255 - pixels[i]);
            colors[i] = new SKColor(level, level, level);
        }

        return colors;
    }

    private static void Draw(CaptionedImage image, SKRect box, SKCanvas canvas)
    {
        canvas.DrawPixels(box, image.Pixels, image.Columns);
        canvas.DrawBox(box, SKColors.Transparent, SKColors.LightGray);
        canvas.DrawWords(image.Caption, box.MidX, box.Bottom + WordsHeight - 4, 12, image.Color, SKTextAlign.Center);
    }
}

/// <summary>An image of a grid.</summary>
/// <param name="Pixels">Rows x columns, row-major.</param>
/// <param name="Columns">Pixels across.</param>
/// <param name="Caption">What stands below.</param>
/// <param name="Color">The colour of that.</param>
internal sealed record CaptionedImage(SKColor[] Pixels, int Columns, string Caption, SKColor Color)
{
    /// <summary>An image over its label.</summary>
    public static CaptionedImage Of(ImageSet images, int index) => Of(images, index, $"{images.Labels[index]}", SKColors.Black);

    /// <summary>An image over other words.</summary>
    public static CaptionedImage Of(ImageSet images, int index, string caption, SKColor color) =>
        new(ImageGrid.Ink(images.Image(index)), images.Columns, caption, color);
}
