using System.Text.Json;

namespace DistNet.Neural;

/// <summary>The members of a JSON object, taken one by one; faults name the source and the path, and what nobody took is
/// refused.</summary>
internal sealed class JsonMembers
{
    private readonly Dictionary<string, JsonElement> _members = [];
    private readonly HashSet<string> _known = [];
    private readonly string _source;
    private readonly string _path;

    public JsonMembers(JsonElement element, string source, string path)
    {
        (_source, _path) = (source, path);
        if (element.ValueKind != JsonValueKind.Object)
            throw new InvalidDataException($"{source}: {path} must be an object, but is {Describe(element)}.");
        foreach (var member in element.EnumerateObject())
        {
            if (!_members.TryAdd(member.Name, member.Value))
                throw Fault(member.Name, "is given twice: keep one");
        }
    }

    /// <summary>A whole number, or the standard; without a standard the member must be there.</summary>
    public int Int32(string name, int? standard = null)
    {
        if (!Take(name, out var value))
            return standard ?? throw Missing(name);
        return value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number)
            ? number
            : throw Wrong(name, "a whole number of 32 bits", value);
    }

    /// <summary>A whole number, or null if it is null or not there.</summary>
    public int? OptionalInt32(string name) =>
        _members.TryGetValue(name, out var value) && value.ValueKind != JsonValueKind.Null ? Int32(name) : Ignore(name);

    public float Single(string name, float standard)
    {
        if (!Take(name, out var value))
            return standard;
        return value.ValueKind == JsonValueKind.Number && value.TryGetSingle(out var number) && float.IsFinite(number)
            ? number
            : throw Wrong(name, "a number", value);
    }

    public double Double(string name, double standard)
    {
        if (!Take(name, out var value))
            return standard;
        return value.ValueKind == JsonValueKind.Number && value.TryGetDouble(out var number) && double.IsFinite(number)
            ? number
            : throw Wrong(name, "a number", value);
    }

    /// <summary>A value by its Keras name, or the standard; without a standard the member must be there.</summary>
    public TEnum Name<TEnum>(string name, TEnum? standard = null)
        where TEnum : struct, Enum
    {
        if (!Take(name, out var value))
            return standard ?? throw Missing(name);
        return value.ValueKind == JsonValueKind.String && KerasNames.TryParse<TEnum>(value.GetString()!, out var parsed)
            ? parsed
            : throw Wrong(name, KerasNames.Choices<TEnum>(), value);
    }

    public JsonMembers Object(string name) =>
        Take(name, out var value) ? new JsonMembers(value, _source, $"{_path}.{name}") : throw Missing(name);

    /// <summary>An array whose elements are all objects.</summary>
    public IReadOnlyList<JsonMembers> Array(string name)
    {
        if (!Take(name, out var value))
            throw Missing(name);
        if (value.ValueKind != JsonValueKind.Array)
            throw Wrong(name, "an array", value);
        return [.. value.EnumerateArray().Select((element, index) => new JsonMembers(element, _source, $"{_path}.{name}[{index}]"))];
    }

    /// <summary>A name with numbers, as short text or as an object whose member "name" is the name; null if it is not
    /// there.</summary>
    public T? Named<T>(string name, Func<NamedOptions, T> read)
        where T : class
    {
        if (!Take(name, out var value))
            return null;
        try
        {
            return read(value.ValueKind switch
            {
                JsonValueKind.String => NamedOptions.Parse(name, value.GetString()!),
                JsonValueKind.Object => Options(name, value),
                _ => throw Wrong(name, "a name or an object", value),
            });
        }
        catch (ArgumentException fault)
        {
            // An impossible value already says its path, which begins with this member.
            var where = fault.Message.StartsWith($"{name}.", StringComparison.Ordinal) ? "" : $"{name}: ";
            throw new InvalidDataException($"{_source}: {_path}.{where}{fault.Message}", fault);
        }
    }

    /// <summary>To be called last: a misspelt member would otherwise silently take its default.</summary>
    public void RefuseUnknown()
    {
        foreach (var name in _members.Keys)
        {
            if (!_known.Contains(name))
                throw Fault(name, $"is unknown: the members here are {string.Join(", ", _known)}");
        }
    }

    public InvalidDataException Missing(string name) => Fault(name, "is missing");

    public InvalidDataException Fault(string name, string what) => new($"{_source}: {_path}.{name} {what}.");

    /// <summary>A sentence that begins with a path below this object.</summary>
    public InvalidDataException Impossible(string problem) => new($"{_source}: {_path}.{problem}");

    private NamedOptions Options(string name, JsonElement element)
    {
        var members = new JsonMembers(element, _source, $"{_path}.{name}");
        if (!members.Take("name", out var chosen))
            throw members.Missing("name");
        if (chosen.ValueKind != JsonValueKind.String)
            throw members.Wrong("name", "a string", chosen);
        foreach (var (key, value) in members._members)
        {
            if (key != "name" && value.ValueKind != JsonValueKind.Number)
                throw members.Wrong(key, "a number", value);
        }

        members._members.Remove("name");
        var numbers = members._members.ToDictionary(member => member.Key, member => member.Value.GetRawText());
        return new NamedOptions(name, chosen.GetString()!, numbers);
    }

    private bool Take(string name, out JsonElement value)
    {
        _known.Add(name);
        return _members.TryGetValue(name, out value);
    }

    private int? Ignore(string name)
    {
        _known.Add(name);
        return null;
    }

    private InvalidDataException Wrong(string name, string expected, JsonElement found) =>
        Fault(name, $"must be {expected}, but is {Describe(found)}");

    private static string Describe(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        _ => element.GetRawText() is { Length: <= 60 } text ? text : "a long value",
    };
}
