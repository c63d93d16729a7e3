using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>Reads the fields of a JSON object that came from a file; a missing or ill-typed one is refused in a sentence that names both.</summary>
internal readonly struct JsonFields
{
    private readonly string _path;
    private readonly JsonElement _object;

    public JsonFields(string path, JsonElement element)
    {
        _path = path;
        _object = element;
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("a JSON object", Describe(element));
    }

    /// <summary>Reads a text that is one JSON object.</summary>
    public static T Parse<T>(string path, string json, Func<JsonFields, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return read(new JsonFields(path, document.RootElement));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw FileDamage.Whole(path, "JSON", damage.Message.TrimEnd('.'), FileDamage.UseEarlier, damage);
        }
    }

    /// <summary>Whether the parser says that its text is bad. Text that is not UTF-8 comes to light only when it is read, as the second kind.</summary>
    public static bool IsDamage(Exception failure) => failure is JsonException or InvalidOperationException;

    public bool Has(string name) => _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    public IEnumerable<JsonField> All()
    {
        var path = _path;
        return _object.EnumerateObject().Select(property => new JsonField(path, property.Name, property.Value));
    }

    /// <summary>Refuses fields that nobody would read.</summary>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var property in _object.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                throw Wrong($"only the fields {string.Join(", ", names)}", $"field '{property.Name}'");
        }
    }

    public string String(string name) => Field(name).String();

    public JsonFields Object(string name) => Field(name).Object();

    public ImmutableArray<long> Integers(string name) => [.. Field(name).Items().Select(item => item.Integer())];

    public ImmutableArray<JsonFields> Objects(string name) => [.. Field(name).Items().Select(item => item.Object())];

    public long Integer(string name) => Field(name).Integer();

    public int Int32(string name) => Integer(name) is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw Wrong($"a number of 32 bits as '{name}'", $"{Integer(name)}");

    public double Number(string name) => Field(name).Number();

    public string Text(string name) => Field(name).Value.GetRawText();

    public InvalidDataException Wrong(string expected, string found) => FileDamage.Whole(_path, expected, found, FileDamage.UseEarlier);

    public static string Describe(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Undefined => "nothing",
        JsonValueKind.Object or JsonValueKind.Array => $"an {value.ValueKind.ToString().ToLower(CultureInfo.InvariantCulture)}",
        _ => value.GetRawText() is { Length: > 80 } text ? text[..80] + "..." : value.GetRawText(),
    };

    private JsonField Field(string name) => _object.TryGetProperty(name, out var value)
        ? new JsonField(_path, name, value)
        : throw Wrong($"a field '{name}'", "none");
}

/// <summary>One value in a JSON file, and its name for errors.</summary>
internal readonly record struct JsonField(string Path, string Name, JsonElement Value)
{
    public string String() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Wrong("a text");

    public JsonFields Object() => Value.ValueKind == JsonValueKind.Object ? new JsonFields(Path, Value) : throw Wrong("an object");

    public long Integer() => Value.ValueKind == JsonValueKind.Number && Value.TryGetInt64(out var number) ? number : throw Wrong("a whole number");

    /// <summary>A number, or a text for those that JSON lacks: NaN, Infinity, -Infinity.</summary>
    public double Number() => Value.ValueKind switch
    {
        JsonValueKind.Number => Value.GetDouble(),
        JsonValueKind.String when Value.GetString() is "NaN" => double.NaN,
        JsonValueKind.String when Value.GetString() is "Infinity" => double.PositiveInfinity,
        JsonValueKind.String when Value.GetString() is "-Infinity" => double.NegativeInfinity,
        _ => throw Wrong("a number"),
    };

    public IEnumerable<JsonField> Items()
    {
        var (path, name) = (Path, Name);
        return Value.ValueKind == JsonValueKind.Array
            ? Value.EnumerateArray().Select(item => new JsonField(path, name, item))
            : throw Wrong("a list");
    }

    private InvalidDataException Wrong(string expected) =>
        FileDamage.Whole(Path, $"{expected} as '{Name}'", JsonFields.Describe(Value), FileDamage.UseEarlier);
}
