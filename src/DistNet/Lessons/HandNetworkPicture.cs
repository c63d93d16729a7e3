using System.Globalization;
using SkiaSharp;

namespace DistNet;

/// <summary>A small network with its numbers: each unit's output, each weight on its line, each bias below its unit, the loss at the end.</summary>
internal static class HandNetworkPicture
{
    private const int ColumnGap = 240;
    private const int RowGap = 130;
    private const int Radius = 34;
    private const int Margin = 70;

    private static readonly SKColor Line = SKColors.Gray;

    /// <summary>Draws a network that was given an example.</summary>
    /// <param name="network">The network, after its forward pass.</param>
    /// <param name="target">What its outputs should be.</param>
    /// <param name="loss">E.</param>
    public static Picture Of(HandNetwork network, IReadOnlyList<double> target, double loss)
    {
        var most = Enumerable.Range(1, network.Layers).Max(network.Units);
        var (width, height) = ((2 * Margin) + ((network.Layers - 1) * ColumnGap) + 110, (2 * Margin) + ((most - 1) * RowGap) + 30);
        return new Picture(width, height, canvas =>
        {
            for (var layer = 2; layer <= network.Layers; layer++) DrawWeights(network, layer, height, canvas);
            for (var layer = 1; layer <= network.Layers; layer++) DrawUnits(network, layer, height, canvas);
            for (var unit = 1; unit <= target.Count; unit++)
            {
                var centre = Centre(network, network.Layers, unit, height);
                canvas.DrawWords($"t{unit} = {Text(target[unit - 1])}", centre.X + Radius + 14, centre.Y + 5, 14, SKColors.Firebrick);
            }

            canvas.DrawWords($"E = {loss.ToString("F8", CultureInfo.InvariantCulture)}", width - 20, height - 16, 15, SKColors.Firebrick, SKTextAlign.Right);
        });
    }

    private static void DrawUnits(HandNetwork network, int layer, int height, SKCanvas canvas)
    {
        using var fill = new SKPaint { Color = layer == 1 ? new SKColor(0xE8, 0xEE, 0xF7) : new SKColor(0xFB, 0xF0, 0xDD), IsAntialias = true };
        using var ring = new SKPaint { Color = Line, IsAntialias = true, IsStroke = true, StrokeWidth = 1.5f };
        for (var unit = 1; unit <= network.Units(layer); unit++)
        {
            var centre = Centre(network, layer, unit, height);
            canvas.DrawCircle(centre, Radius, fill);
            canvas.DrawCircle(centre, Radius, ring);
            canvas.DrawWords($"a{unit}({layer})", centre.X, centre.Y - 6, 12, SKColors.DimGray, SKTextAlign.Center);
            canvas.DrawWords(Text(network.Output(layer, unit)), centre.X, centre.Y + 12, 14, SKColors.Black, SKTextAlign.Center);
            if (layer == 1) continue;
            var bias = $"b{unit}({layer}) = {Text(network.Bias(layer, unit))}";
            canvas.DrawWords(bias, centre.X, centre.Y + Radius + 18, 12, SKColors.DimGray, SKTextAlign.Center);
        }
    }

    private static void DrawWeights(HandNetwork network, int layer, int height, SKCanvas canvas)
    {
        for (var unit = 1; unit <= network.Units(layer); unit++)
        {
            for (var from = 1; from <= network.Units(layer - 1); from++)
            {
                var (begin, end) = (Centre(network, layer - 1, from, height), Centre(network, layer, unit, height));
                canvas.DrawStroke(begin, end, Line, 1);
                DrawWeight($"{new Parameter(layer, unit, from)} = {Text(network.Weight(layer, unit, from))}", begin, end, canvas);
            }
        }
    }

    // Nearer to where the line begins, where fewer lines cross.
    private static void DrawWeight(string words, SKPoint begin, SKPoint end, SKCanvas canvas)
    {
        var at = new SKPoint(begin.X + (0.32f * (end.X - begin.X)), begin.Y + (0.32f * (end.Y - begin.Y)));
        canvas.Save();
        canvas.Translate(at);
        canvas.RotateRadians(MathF.Atan2(end.Y - begin.Y, end.X - begin.X));
        canvas.DrawWords(words, 0, -5, 12, SKColors.SteelBlue, SKTextAlign.Center);
        canvas.Restore();
    }

    private static SKPoint Centre(HandNetwork network, int layer, int unit, int height)
    {
        var top = ((height - 30) / 2f) - ((network.Units(layer) - 1) * RowGap / 2f);
        return new SKPoint(Margin + ((layer - 1) * ColumnGap), top + ((unit - 1) * RowGap));
    }

    private static string Text(double number) => number.ToString("0.####", CultureInfo.InvariantCulture);
}
