using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>Reads the fields of a JSON object that came from a file; a missing or ill-typed one is refused in a sentence that names both.</summary>
internal readonly struct JsonFields
{
    private readonly string _path;
    private readonly JsonElement _object;

    /// <summary>The fields of a value.</summary>
    /// <param name="path">The file, named in errors.</param>
    /// <param name="element">The value.</param>
    /// <exception cref="InvalidDataException">The value is no object.</exception>
    public JsonFields(string path, JsonElement element)
    {
        _path = path;
        _object = element;
        if (element.ValueKind != JsonValueKind.Object)
            throw Wrong("a JSON object", Describe(element));
    }

    /// <summary>Reads a text that is one JSON object.</summary>
    /// <param name="path">The file, named in errors.</param>
    /// <param name="json">The text.</param>
    /// <param name="read">Makes the result of the object's fields.</param>
    /// <exception cref="InvalidDataException">The text is not JSON, is no object, or <paramref name="read"/> refused it.</exception>
    public static T Parse<T>(string path, string json, Func<JsonFields, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(json, new JsonDocumentOptions { AllowDuplicateProperties = false });
            return read(new JsonFields(path, document.RootElement));
        }
        catch (Exception damage) when (IsDamage(damage))
        {
            throw FileDamage.Whole(path, "JSON", Found(damage), FileDamage.UseEarlier, damage);
        }
    }

    /// <summary>Whether the parser says that its text is bad. Text that is not UTF-8 comes to light only when it is read, as the second kind.</summary>
    public static bool IsDamage(Exception failure) => failure is JsonException or InvalidOperationException;

    private static string Found(Exception damage) => damage is JsonException { LineNumber: { } line, BytePositionInLine: { } at }
        ? $"something else at line {line + 1}, byte {at + 1}"
        : "text that is not UTF-8";

    /// <summary>Whether there is a field of that name that is not null.</summary>
    public bool Has(string name) => _object.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    /// <summary>All fields, in the order of the file.</summary>
    public IEnumerable<JsonField> All()
    {
        var path = _path;
        return _object.EnumerateObject().Select(property => new JsonField(path, property.Name, property.Value));
    }

    /// <summary>Refuses fields that nobody would read.</summary>
    /// <exception cref="InvalidDataException">There is a field of another name.</exception>
    public void Only(params ReadOnlySpan<string> names)
    {
        foreach (var property in _object.EnumerateObject())
        {
            if (!names.Contains(property.Name))
                throw Wrong($"only the fields {string.Join(", ", names)}", $"field '{property.Name}'");
        }
    }

    /// <summary>A field that must be a text.</summary>
    public string String(string name) => Field(name).String();

    /// <summary>A field that must be an object.</summary>
    public JsonFields Object(string name) => Field(name).Object();

    /// <summary>A field that must be a list of whole numbers.</summary>
    public ImmutableArray<long> Integers(string name) => [.. Field(name).Items().Select(item => item.Integer())];

    /// <summary>A field that must be a list of texts.</summary>
    public ImmutableArray<string> Strings(string name) => [.. Field(name).Items().Select(item => item.String())];

    /// <summary>A field that must be true or false.</summary>
    public bool Boolean(string name) => Field(name).Boolean();

    /// <summary>A field that must be a list of objects.</summary>
    public ImmutableArray<JsonFields> Objects(string name) => [.. Field(name).Items().Select(item => item.Object())];

    /// <summary>A field that must be a whole number.</summary>
    public long Integer(string name) => Field(name).Integer();

    /// <summary>A field that must be a whole number of 32 bits.</summary>
    public int Int32(string name) => Integer(name) is >= int.MinValue and <= int.MaxValue and var value
        ? (int)value
        : throw Wrong($"a number of 32 bits as '{name}'", $"{Integer(name)}");

    /// <summary>A field that must be a number, or the name of one that JSON lacks.</summary>
    public double Number(string name) => Field(name).Number();

    /// <summary>A field as it stands in the file, to be read by others.</summary>
    public string Text(string name) => Field(name).Value.GetRawText();

    /// <summary>The refusal of a field, to be thrown.</summary>
    public InvalidDataException Wrong(string expected, string found) => FileDamage.Whole(_path, expected, found, FileDamage.UseEarlier);

    /// <summary>A value in few words, for errors.</summary>
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

/// <summary>One value in a JSON file, read as what it must be.</summary>
/// <param name="Path">The file, named in errors.</param>
/// <param name="Name">The field it is, or is in, named in errors.</param>
/// <param name="Value">The value.</param>
internal readonly record struct JsonField(string Path, string Name, JsonElement Value)
{
    /// <summary>The value as a text.</summary>
    public string String() => Value.ValueKind == JsonValueKind.String ? Value.GetString()! : throw Wrong("a text");

    /// <summary>The value as true or false.</summary>
    public bool Boolean() => Value.ValueKind is JsonValueKind.True or JsonValueKind.False ? Value.GetBoolean() : throw Wrong("true or false");

    /// <summary>The value as an object.</summary>
    public JsonFields Object() => Value.ValueKind == JsonValueKind.Object ? new JsonFields(Path, Value) : throw Wrong("an object");

    /// <summary>The value as a whole number of 64 bits.</summary>
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

    /// <summary>The values of a list.</summary>
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
