using Spectre.Console;
using Spectre.Console.Rendering;

namespace DistNet;

/// <summary>Draws grey images in the terminal: two pixels a character in shades of grey, or one in characters where there is no colour.</summary>
internal sealed class DigitDrawing(ReadOnlyMemory<byte> pixels, int rows, int columns) : IRenderable
{
    private const string Shades = " .:-=+*#%@";

    /// <summary>Characters a drawing is wide.</summary>
    public int Width => columns;

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => new(columns, columns);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth)
    {
        var shaded = options.Ansi && options.ColorSystem is ColorSystem.EightBit or ColorSystem.TrueColor;
        for (var row = 0; row < rows; row += 2)
        {
            for (var column = 0; column < Math.Min(columns, maxWidth); column++) yield return shaded ? Blocks(row, column) : Character(row, column);
            yield return Segment.LineBreak;
        }
    }

    private Segment Blocks(int row, int column) =>
        new("▀", new Style(Grey(At(row, column)), Grey(At(row + 1, column))));

    /// <summary>Characters are about twice as high as wide, so one stands for two rows.</summary>
    private Segment Character(int row, int column)
    {
        var grey = (At(row, column) + At(row + 1, column)) / 2;
        return new Segment(Shades[grey * (Shades.Length - 1) / 255].ToString());
    }

    private byte At(int row, int column) => row < rows ? pixels.Span[row * columns + column] : (byte)0;

    private static Color Grey(byte level) => new(level, level, level);
}
