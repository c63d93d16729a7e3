using System.Globalization;

namespace DistNet;

/// <summary>How figures are written for readers.</summary>
internal static class Figures
{
    /// <summary>0.0421.</summary>
    public static string Loss(double loss) => loss.ToString("0.0000", CultureInfo.InvariantCulture);

    /// <summary>98.02 %.</summary>
    public static string Percent(double share) => (100 * share).ToString("0.00", CultureInfo.InvariantCulture) + " %";

    /// <summary>94,210.</summary>
    public static string Whole(double count) => count.ToString("N0", CultureInfo.InvariantCulture);

    /// <summary>3.2 s, 1:05, 2:00:07.</summary>
    public static string Duration(TimeSpan time) => time.TotalSeconds switch
    {
        < 60 => time.TotalSeconds.ToString("0.#", CultureInfo.InvariantCulture) + " s",
        < 3600 => time.ToString(@"m\:ss", CultureInfo.InvariantCulture),
        _ => time.ToString(time.Days > 0 ? @"d\.h\:mm\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture),
    };

    /// <summary>1.63 MB, 512 bytes; decimal units.</summary>
    public static string Bytes(double bytes) => bytes switch
    {
        < 1e3 => Whole(bytes) + " bytes",
        < 1e6 => (bytes / 1e3).ToString("0.##", CultureInfo.InvariantCulture) + " kB",
        < 1e9 => (bytes / 1e6).ToString("0.##", CultureInfo.InvariantCulture) + " MB",
        _ => (bytes / 1e9).ToString("0.##", CultureInfo.InvariantCulture) + " GB",
    };
}
