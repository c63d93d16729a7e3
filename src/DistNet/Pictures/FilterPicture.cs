using DistNet.Neural;
using SkiaSharp;

namespace DistNet;

/// <summary>What the units of the first layer look for: each unit's weights as an image, red where ink speaks for it, blue where it speaks
/// against.</summary>
internal static class FilterPicture
{
    private const int PerRow = 10;

    /// <summary>Draws the first units of a model whose inputs are the pixels of an image.</summary>
    /// <param name="model">The model.</param>
    /// <param name="columns">Pixels across an image; divides the inputs.</param>
    /// <param name="count">Most units to draw.</param>
    public static Picture Of(Model model, int columns, int count)
    {
        var kernel = ParameterLayout.For(model.Spec.Network).Kernel(0);
        var units = Math.Min(count, kernel.Columns);
        return ImageGrid.Of(
            $"dense_0/kernel, units 0 to {units - 1} of {kernel.Columns}",
            [.. Enumerable.Range(0, units).Select(unit => new CaptionedImage(Colors(model.Parameters, kernel, unit), columns, $"{unit}", SKColors.Black))],
            PerRow);
    }

    private static SKColor[] Colors(float[] parameters, ParameterTensor kernel, int unit)
    {
        float[] weights = [.. Enumerable.Range(0, kernel.Rows).Select(row => parameters[kernel.Offset + (row * kernel.Columns) + unit])];
        var largest = Math.Max(weights.Max(MathF.Abs), float.Epsilon);
        return [.. weights.Select(weight => Color(weight / largest))];
    }

    // From blue through white to red.
    private static SKColor Color(float weight)
    {
        var rest = (byte)(255 * (1 - MathF.Abs(weight)));
        return weight > 0 ? new SKColor(255, rest, rest) : new SKColor(rest, rest, 255);
    }
}
