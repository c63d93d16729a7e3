using SkiaSharp;

namespace DistNet;

/// <summary>Something that can be drawn, on a white ground.</summary>
/// <param name="Width">Pixels across.</param>
/// <param name="Height">Pixels down.</param>
/// <param name="Draw">Draws it.</param>
internal sealed record Picture(int Width, int Height, Action<SKCanvas> Draw)
{
    private const string Png = ".png";
    private const string Svg = ".svg";

    /// <summary>Refuses a file whose ending says neither PNG nor SVG.</summary>
    /// <exception cref="UsageException">It ends otherwise.</exception>
    public static void RequireKnownEnding(string path)
    {
        if (EndingOf(path) is not (Png or Svg)) throw new UsageException($"a picture's file ends in {Png} or {Svg}, but '{path}' was given");
    }

    /// <summary>Writes the picture in the format that the file's ending names: PNG or SVG. It is there whole or not at all.</summary>
    /// <exception cref="UsageException">It names neither.</exception>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Write(string path)
    {
        RequireKnownEnding(path);
        using var content = EndingOf(path) == Png ? ToPng() : ToSvg();
        var unfinished = $"{path}.tmp";
        using (var stream = File.Create(unfinished)) content.SaveTo(stream);
        File.Move(unfinished, path, overwrite: true);
    }

    private SKData ToPng()
    {
        using var surface = SKSurface.Create(new SKImageInfo(Width, Height));
        DrawOn(surface.Canvas);
        using var image = surface.Snapshot();
        return image.Encode(SKEncodedImageFormat.Png, 100);
    }

    private SKData ToSvg()
    {
        using var stream = new SKDynamicMemoryWStream();
        using (var canvas = SKSvgCanvas.Create(SKRect.Create(Width, Height), stream)) DrawOn(canvas);
        return stream.DetachAsData();
    }

    private void DrawOn(SKCanvas canvas)
    {
        canvas.Clear(SKColors.White);
        Draw(canvas);
    }

    private static string EndingOf(string path) => Path.GetExtension(path).ToLowerInvariant();
}
