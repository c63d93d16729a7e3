using System.Globalization;

namespace DistNet.Neural;

/// <summary>Names of run folders: the second they began, UTC, and a number if that is taken: 20261124-025512, 20261124-025512-2.</summary>
internal static class RunId
{
    private const string TimeFormat = "yyyyMMdd-HHmmss";

    /// <summary>The names to try, in order.</summary>
    public static IEnumerable<string> Candidates(DateTimeOffset now)
    {
        var first = now.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
        yield return first;
        for (var number = 2; ; number++)
            yield return string.Create(CultureInfo.InvariantCulture, $"{first}-{number}");
    }

    /// <summary>Time and number of a name, by which runs are listed; null if it is not a run's name.</summary>
    public static (DateTime Time, int Number)? Parse(string id)
    {
        var first = id.AsSpan(0, Math.Min(id.Length, TimeFormat.Length));
        if (!DateTime.TryParseExact(first, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var time))
            return null;
        var rest = id.AsSpan(first.Length);
        if (rest.IsEmpty)
            return (time, 1);
        return rest[0] == '-' && int.TryParse(rest[1..], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? (time, number) : null;
    }
}
