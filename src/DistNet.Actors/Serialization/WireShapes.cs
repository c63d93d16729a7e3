using System.Collections;
using System.Reflection;
using System.Runtime.InteropServices;
using Hyperion.ValueSerializers;

namespace DistNet.Actors;

/// <summary>Finds the shapes of types by reflection, and refuses types that a message must not carry.</summary>
internal sealed class WireShapes
{
    // By type, in Hyperion's numbering; what it reads without a manifest where the declared type says enough.
    private static readonly Dictionary<Type, WireShape> Primitives = new WireShape[]
    {
        new NumberShape(typeof(long), 2, sizeof(long)),
        new NumberShape(typeof(short), 3, sizeof(short)),
        new NumberShape(typeof(byte), 4, sizeof(byte)),
        new BooleanShape(6),
        new TextShape(7),
        new NumberShape(typeof(int), 8, sizeof(int)),
        new NumberShape(typeof(Guid), 11, 16),
        new NumberShape(typeof(float), 12, sizeof(float)),
        new NumberShape(typeof(double), 13, sizeof(double)),
        new NumberShape(typeof(ushort), 17, sizeof(ushort)),
        new NumberShape(typeof(uint), 18, sizeof(uint)),
        new NumberShape(typeof(ulong), 19, sizeof(ulong)),
        new NumberShape(typeof(sbyte), 20, sizeof(sbyte)),
    }.ToDictionary(shape => shape.Type);

    private static readonly BytesShape Bytes = new(9);

    // An array of primitives; the primitive's manifest follows.
    private static readonly byte[] PrimitiveArrayManifest = [252];

    private readonly NullabilityInfoContext _nullability = new();
    private readonly Dictionary<Type, byte[]> _manifests = [];
    private readonly Dictionary<Type, RecordShape?> _records = [];

    /// <summary>The types found so far that a payload names.</summary>
    public IReadOnlyCollection<Type> NamedTypes => _manifests.Keys;

    /// <summary>The shape of a struct or sealed record.</summary>
    /// <exception cref="NotSupportedException">It is, or contains, what a message must not carry; or it contains itself.</exception>
    public RecordShape Record(Type type)
    {
        if (_records.TryGetValue(type, out RecordShape? known))
            return known ?? throw new NotSupportedException($"{type} contains itself: the depth of a message must be bounded by its type.");
        if (!type.IsSealed)
            throw new NotSupportedException($"{type} is not sealed: what arrives must be the type that is declared.");
        _records.Add(type, null);
        RecordShape shape = new(type, Manifest(type), [.. Fields(type).Select(field => Element(field.FieldType, _nullability.Create(field)))]);
        _records[type] = shape;
        return shape;
    }

    // As Hyperion enumerates them: inherited ones too, by name.
    private static IEnumerable<FieldInfo> Fields(Type type)
    {
        const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        IEnumerable<FieldInfo> fields = [];
        for (Type? declaring = type; declaring is not null; declaring = declaring.BaseType)
            fields = fields.Concat(declaring.GetFields(Instance));
        return fields.OrderBy(field => field.Name, StringComparer.Ordinal);
    }

    private WireElement Element(Type type, NullabilityInfo nullability, bool isNamed = false)
    {
        Type actual = Nullable.GetUnderlyingType(type) ?? type;
        bool isInline = Primitives.ContainsKey(type) && !isNamed;
        return new WireElement(Shape(actual, nullability), !isInline, nullability.ReadState == NullabilityState.Nullable);
    }

    private WireShape Shape(Type type, NullabilityInfo nullability)
    {
        if (Primitives.TryGetValue(type, out WireShape? primitive))
            return primitive;
        if (type.IsEnum)
            return Enum(type);
        if (WireCollections.ElementOf(type) is { } element)
            return Array(element, nullability.ElementType ?? nullability.GenericTypeArguments[0]);
        if (WireCollections.EntryOf(type) is { } entry)
            return Dictionary(entry.Key, entry.Value, nullability.GenericTypeArguments);
        if (IsOurs(type) || type == typeof(TimeSpan))
            return Record(type);
        throw new NotSupportedException($"A message must not carry a {type}: see {nameof(Protocol.IProtocolMessage)} for what it may.");
    }

    private EnumShape Enum(Type type)
    {
        if (type.IsDefined(typeof(FlagsAttribute)) || !IsOurs(type))
            throw new NotSupportedException($"A message must not carry a {type}: enums are DistNet's own, and without flags.");
        int size = Marshal.SizeOf(System.Enum.GetUnderlyingType(type));
        return new EnumShape(type, Manifest(type), size, [.. System.Enum.GetValues(type).Cast<object>().Select(value => ValueBytes(value, size))]);
    }

    private static byte[] ValueBytes(object value, int size)
    {
        bool isUnsigned = System.Enum.GetUnderlyingType(value.GetType()) == typeof(ulong);
        long bits = isUnsigned ? unchecked((long)Convert.ToUInt64(value, null)) : Convert.ToInt64(value, null);
        return BitConverter.GetBytes(bits)[..size];
    }

    private WireShape Array(Type elementType, NullabilityInfo nullability)
    {
        if (elementType == typeof(byte))
            return Bytes;
        if (elementType == typeof(float))
            throw new NotSupportedException("A message must not carry many floats: tensors do not travel in messages.");
        Type type = elementType.MakeArrayType();
        WireElement element = Element(elementType, nullability);
        return new ArrayShape(type, element.IsNamed ? Manifest(type) : PrimitiveArrayManifest, element);
    }

    private DictionaryShape Dictionary(Type key, Type value, NullabilityInfo[] nullability)
    {
        WireElement[] entry = [Element(key, nullability[0], isNamed: true), Element(value, nullability[1], isNamed: true)];
        Type type = typeof(Dictionary<,>).MakeGenericType(key, value);
        return new DictionaryShape(type, Manifest(type), new RecordShape(typeof(DictionaryEntry), Manifest(typeof(DictionaryEntry)), entry));
    }

    private static bool IsOurs(Type type) =>
        type.Assembly.GetName().Name is { } name && (name == "DistNet" || name.StartsWith("DistNet.", StringComparison.Ordinal));

    // Hyperion's own word for the type, so that there is one spelling of names only. One array per type: the cursor compares by reference.
    private byte[] Manifest(Type type)
    {
        if (_manifests.TryGetValue(type, out byte[]? known))
            return known;
        using MemoryStream stream = new();
        new ObjectSerializer(type).WriteManifest(stream, new Hyperion.Serializer().GetSerializerSession());
        return _manifests[type] = stream.ToArray();
    }
}
