using System.Text.Json;

namespace DistNet.Neural;

/// <summary>The names Keras gives to activations, losses and initializers ("categorical_crossentropy"), used in JSON and on the
/// command line.</summary>
public static class KerasNames
{
    /// <summary>The name of a value.</summary>
    public static string Of<TEnum>(TEnum value)
        where TEnum : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    /// <summary>All names, in the order of declaration.</summary>
    public static IReadOnlyList<string> All<TEnum>()
        where TEnum : struct, Enum => [.. Enum.GetValues<TEnum>().Select(Of)];

    /// <summary>All names in one sentence part: "relu, sigmoid or tanh".</summary>
    public static string Choices<TEnum>()
        where TEnum : struct, Enum => Join(All<TEnum>());

    /// <summary>The value of a name, which must be spelt exactly.</summary>
    /// <returns>Whether there is one.</returns>
    public static bool TryParse<TEnum>(string name, out TEnum value)
        where TEnum : struct, Enum
    {
        foreach (var candidate in Enum.GetValues<TEnum>())
        {
            if (Of(candidate) == name)
            {
                value = candidate;
                return true;
            }
        }

        value = default;
        return false;
    }

    /// <summary>The value of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists the names.</exception>
    public static TEnum Parse<TEnum>(string name)
        where TEnum : struct, Enum => TryParse<TEnum>(name, out var value)
            ? value
            : throw new ArgumentException($"'{name}' is unknown: choose {Choices<TEnum>()}.");

    internal static string Join(IReadOnlyList<string> names) =>
        names.Count == 1 ? names[0] : $"{string.Join(", ", names.SkipLast(1))} or {names[^1]}";
}
