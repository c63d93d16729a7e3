using Spectre.Console.Rendering;

namespace DistNet;

/// <summary>A line of text that stays above a live display; it wipes what it covers, also where it wraps.</summary>
internal sealed class LineAboveLive(string text) : IRenderable
{
    private const string EraseBelow = "\u001b[J";

    /// <inheritdoc/>
    public Measurement Measure(RenderOptions options, int maxWidth) => new(Math.Min(text.Length, maxWidth), maxWidth);

    /// <inheritdoc/>
    public IEnumerable<Segment> Render(RenderOptions options, int maxWidth) =>
        [Segment.Control(EraseBelow), new Segment(text), Segment.LineBreak];
}
