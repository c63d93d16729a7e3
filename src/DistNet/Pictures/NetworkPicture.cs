using DistNet.Neural;
using SkiaSharp;

namespace DistNet;

/// <summary>A network as Keras's plot_model draws it: a box for each layer, with the shapes that go in and come out.</summary>
internal static class NetworkPicture
{
    private const int Width = 520;
    private const int BoxHeight = 58;
    private const int Gap = 34;
    private const int Margin = 24;
    private const int NameWidth = 230;

    private static readonly SKColor Line = SKColors.DimGray;
    private static readonly SKColor InputColor = new(0xE8, 0xEE, 0xF7);
    private static readonly SKColor DenseColor = new(0xFB, 0xF0, 0xDD);
    private static readonly SKColor DropoutColor = new(0xEE, 0xEE, 0xEE);

    /// <summary>Draws a network.</summary>
    public static Picture Of(NetworkSpec network)
    {
        Box[] boxes = [.. Boxes(network)];
        return new Picture(Width, (2 * Margin) + (boxes.Length * BoxHeight) + ((boxes.Length - 1) * Gap), canvas =>
        {
            for (var i = 0; i < boxes.Length; i++)
            {
                var top = Margin + (i * (BoxHeight + Gap));
                Draw(boxes[i], top, canvas);
                if (i > 0) canvas.DrawArrowDown(Width / 2f, top - Gap, top, Line);
            }
        });
    }

    private static IEnumerable<Box> Boxes(NetworkSpec network)
    {
        var layout = ParameterLayout.For(network);
        var inputs = network.InputSize;
        yield return new Box("input", "", inputs, inputs, InputColor);
        for (var i = 0; i < network.Layers.Length; i++)
        {
            var layer = network.Layers[i];
            var parameters = Figures.Whole(layout.Kernel(i).Length + layout.Bias(i).Length);
            yield return new Box($"dense_{i}: {KerasNames.Of(layer.Activation)}", $"{parameters} parameters", inputs, layer.Units, DenseColor);
            inputs = layer.Units;
            if (layer.Dropout > 0) yield return new Box(FormattableString.Invariant($"dropout {layer.Dropout}"), "in training", inputs, inputs, DropoutColor);
        }
    }

    private static void Draw(Box box, float top, SKCanvas canvas)
    {
        canvas.DrawBox(SKRect.Create(Margin, top, Width - (2 * Margin), BoxHeight), box.Color, Line);
        canvas.DrawWords(box.Name, Margin + 14, top + (box.Note.Length == 0 ? 35 : 25), 16, SKColors.Black);
        canvas.DrawWords(box.Note, Margin + 14, top + 45, 12, Line);
        var middle = top + (BoxHeight / 2f);
        canvas.DrawStroke(new SKPoint(Margin + NameWidth, top), new SKPoint(Margin + NameWidth, top + BoxHeight), Line);
        canvas.DrawStroke(new SKPoint(Margin + NameWidth, middle), new SKPoint(Width - Margin, middle), Line);
        canvas.DrawWords($"in:   (batch, {box.Inputs})", Margin + NameWidth + 14, middle - 9, 14, SKColors.Black);
        canvas.DrawWords($"out: (batch, {box.Outputs})", Margin + NameWidth + 14, middle + 20, 14, SKColors.Black);
    }

    private sealed record Box(string Name, string Note, int Inputs, int Outputs, SKColor Color);
}
