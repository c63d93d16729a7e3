using SkiaSharp;

namespace DistNet;

/// <summary>Lines, boxes and words on a canvas.</summary>
internal static class DrawingTools
{
    /// <summary>Words with their beginning, middle or end at a point of their base line.</summary>
    public static void DrawWords(this SKCanvas canvas, string words, float x, float y, float size, SKColor color, SKTextAlign align = SKTextAlign.Left)
    {
        using var font = PictureFont.OfSize(size);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawText(words, x, y, align, font, paint);
    }

    /// <summary>A box with a line around it.</summary>
    public static void DrawBox(this SKCanvas canvas, SKRect box, SKColor inside, SKColor line)
    {
        using var fill = new SKPaint { Color = inside, IsAntialias = true };
        canvas.DrawRoundRect(box, 4, 4, fill);
        using var stroke = new SKPaint { Color = line, IsAntialias = true, IsStroke = true, StrokeWidth = 1.5f };
        canvas.DrawRoundRect(box, 4, 4, stroke);
    }

    /// <summary>A straight line.</summary>
    public static void DrawStroke(this SKCanvas canvas, SKPoint from, SKPoint to, SKColor color, float width = 1.5f)
    {
        using var paint = new SKPaint { Color = color, IsAntialias = true, IsStroke = true, StrokeWidth = width };
        canvas.DrawLine(from, to, paint);
    }

    /// <summary>An arrow straight down.</summary>
    public static void DrawArrowDown(this SKCanvas canvas, float x, float from, float to, SKColor color)
    {
        canvas.DrawStroke(new SKPoint(x, from), new SKPoint(x, to - 6), color);
        using var head = new SKPath();
        head.AddPoly([new SKPoint(x - 5, to - 8), new SKPoint(x + 5, to - 8), new SKPoint(x, to)]);
        using var paint = new SKPaint { Color = color, IsAntialias = true };
        canvas.DrawPath(head, paint);
    }

    /// <summary>A small image whose pixels stay squares.</summary>
    /// <param name="canvas">Where to draw.</param>
    /// <param name="box">Where it goes.</param>
    /// <param name="colors">Columns x rows, row-major.</param>
    /// <param name="columns">Pixels across.</param>
    public static void DrawPixels(this SKCanvas canvas, SKRect box, SKColor[] colors, int columns)
    {
        using var bitmap = new SKBitmap(columns, colors.Length / columns) { Pixels = colors };
        using var image = SKImage.FromBitmap(bitmap);
        canvas.DrawImage(image, box, new SKSamplingOptions(SKFilterMode.Nearest));
    }
}
