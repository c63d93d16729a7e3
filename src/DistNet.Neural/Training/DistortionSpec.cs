using System.Globalization;

namespace DistNet.Neural;

/// <summary>How each training image is distorted, anew in each epoch: an elastic deformation, and an affine map beside it.</summary>
/// <remarks>
/// Simard, Steinkraus and Platt 2003, "Best practices for convolutional neural networks applied to visual document analysis". Written in short as
/// <c>elastic</c> or <c>elastic:alpha=34,sigma=4,affine=0.1</c>. Which distortion an example gets depends on the run's seed, the epoch and the example's
/// index alone, so that whoever computes it gets the same.
/// </remarks>
public sealed record DistortionSpec
{
    private const string Elastic = "elastic";

    /// <summary>The names of all distortions.</summary>
    public static IReadOnlyList<string> Names { get; } = [Elastic];

    /// <summary>Its name in short text and JSON.</summary>
    public string Name { get; } = Elastic;

    /// <summary>What random displacements, each from [-1, 1) before they are smoothed, are multiplied with, in pixels; at least 0. Simard's: 34.</summary>
    public double Alpha { get; init; } = 34;

    /// <summary>Standard deviation of the Gaussian that smooths them, in pixels; greater than 0. The larger, the stiffer the sheet. Simard's: 4.</summary>
    public double Sigma { get; init; } = 4;

    /// <summary>Each of the four entries of a 2 x 2 map about the image's centre differs from the identity's by up to this, evenly drawn: turns, shears and
    /// scales; in [0, 1). 0 for none.</summary>
    public double Affine { get; init; }

    /// <summary>Reads a distortion from short text.</summary>
    /// <exception cref="ArgumentException">The name or an option is unknown, or a value is impossible; the message says which and what is possible.</exception>
    public static DistortionSpec Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return From(NamedOptions.Parse("distortion", text));
    }

    /// <summary>The short text, with every option.</summary>
    public override string ToString() => NamedOptions.Write(Name, Constants());

    internal static DistortionSpec From(NamedOptions options)
    {
        if (options.Name != Elastic)
            throw new ArgumentException($"The distortion '{options.Name}' is unknown: choose {KerasNames.Join(Names)}.");
        var standard = new DistortionSpec();
        var distortion = new DistortionSpec
        {
            Alpha = options.Double("alpha", standard.Alpha),
            Sigma = options.Double("sigma", standard.Sigma),
            Affine = options.Double("affine", standard.Affine),
        };
        options.RefuseUnknown();
        return distortion.FirstProblem() is { } problem ? throw new ArgumentException(problem) : distortion;
    }

    /// <summary>Its constants in the order in which they are written.</summary>
    internal IEnumerable<KeyValuePair<string, double>> Constants() => [new("alpha", Alpha), new("sigma", Sigma), new("affine", Affine)];

    /// <summary>What makes it impossible for images of so many pixels, as a sentence that begins with the JSON path, or null.</summary>
    internal string? FirstProblem(int pixels) => FirstProblem() ?? (SideOf(pixels) is null
        ? $"distortion needs square images, but {pixels} inputs are no square: leave it out."
        : null);

    /// <summary>Height and width of a square image, or null if it is none.</summary>
    internal static int? SideOf(int pixels)
    {
        var side = (int)Math.Round(Math.Sqrt(pixels));
        return side * side == pixels ? side : null;
    }

    private string? FirstProblem() => this switch
    {
        _ when !(Alpha is >= 0 and <= 1000) => Problem("alpha", "at least 0 and at most 1000 pixels", Alpha),
        _ when !(Sigma is > 0 and <= 1000) => Problem("sigma", "greater than 0 and at most 1000 pixels", Sigma),
        _ when !(Affine is >= 0 and < 1) => Problem("affine", "at least 0 and less than 1", Affine),
        _ => null,
    };

    private static string Problem(string option, string expected, double found) =>
        $"distortion.{option} must be {expected}, but is {found.ToString(CultureInfo.InvariantCulture)}.";
}
