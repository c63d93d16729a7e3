using ScottPlot;
using SkiaSharp;

namespace DistNet;

/// <summary>The font of all pictures, carried by the program: containers have none.</summary>
internal sealed class PictureFont : IFontResolver
{
    private static readonly Lazy<SKTypeface> Typeface = new(Load);

    private PictureFont()
    {
    }

    /// <summary>A size of it.</summary>
    public static SKFont OfSize(float pixels) => new(Typeface.Value, pixels) { Subpixel = true };

    /// <summary>Has charts use it.</summary>
    public static void UseInCharts()
    {
        ScottPlot.Fonts.FontResolvers.Clear();
        ScottPlot.Fonts.FontResolvers.Add(new PictureFont());
    }

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, bool bold, bool italic) => Load();

    /// <inheritdoc/>
    public SKTypeface? CreateTypeface(string fontName, FontWeight weight, FontSlant slant, FontSpacing spacing) => Load();

    private static SKTypeface Load() =>
        SKTypeface.FromStream(typeof(PictureFont).Assembly.GetManifestResourceStream("DejaVuSans.ttf"));
}
