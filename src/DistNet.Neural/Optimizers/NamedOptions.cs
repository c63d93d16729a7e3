using System.Globalization;

namespace DistNet.Neural;

/// <summary>A name with numbers, as a user writes it: <c>step:drop=0.5,every=1000</c>; or the same as a JSON object.</summary>
/// <remarks>Values stay text until their type is known, so that a float is rounded once. What is never asked for is refused at
/// the end.</remarks>
internal sealed class NamedOptions(string kind, string name, IReadOnlyDictionary<string, string> values)
{
    private readonly HashSet<string> _known = [];

    public string Name => name;

    /// <summary>Splits <c>name:key=value,key=value</c>.</summary>
    public static NamedOptions Parse(string kind, string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var values = new Dictionary<string, string>();
        if (colon >= 0)
        {
            foreach (var pair in text[(colon + 1)..].Split(','))
            {
                var parts = pair.Split('=');
                if (parts.Length != 2 || !values.TryAdd(parts[0].Trim(), parts[1].Trim()))
                    throw new ArgumentException(
                        $"In the {kind} '{text}', '{pair}' must be one option written key=value, given once.");
            }
        }

        return new NamedOptions(kind, (colon < 0 ? text : text[..colon]).Trim(), values);
    }

    /// <summary>The text that <see cref="Parse"/> reads, each number in its shortest form that reads back the same.</summary>
    public static string Write<T>(string name, IEnumerable<KeyValuePair<string, T>> constants)
        where T : IFormattable
    {
        var pairs = constants.Select(constant => $"{constant.Key}={constant.Value.ToString(null, CultureInfo.InvariantCulture)}");
        return $"{name}:{string.Join(",", pairs)}";
    }

    public float Single(string key, float standard) => Take(key) is { } text ? Number<float>(key, text, "a number") : standard;

    public double Double(string key, double standard) => Take(key) is { } text ? Number<double>(key, text, "a number") : standard;

    public long Int64(string key, long standard) => Take(key) is { } text ? Number<long>(key, text, "a whole number") : standard;

    /// <summary>Refuses options that nothing asked for.</summary>
    public void RefuseUnknown()
    {
        foreach (var key in values.Keys)
        {
            if (!_known.Contains(key))
                throw new ArgumentException(
                    $"The {kind} {name} has no option '{key}': " +
                    $"{(_known.Count == 0 ? "it takes none" : $"it takes {KerasNames.Join([.. _known])}")}.");
        }
    }

    private string? Take(string key)
    {
        _known.Add(key);
        return values.GetValueOrDefault(key);
    }

    private T Number<T>(string key, string text, string expected)
        where T : ISpanParsable<T>, System.Numerics.INumberBase<T> =>
        T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && T.IsFinite(value)
            ? value
            : throw new ArgumentException($"The option {key} of the {kind} {name} must be {expected}, but is '{text}'.");
}
