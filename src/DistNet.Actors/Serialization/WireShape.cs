namespace DistNet.Actors;

/// <summary>What Hyperion writes for one type, so that a payload can be checked against it before Hyperion reads it.</summary>
/// <remarks>A finite tree, since protocol types do not contain themselves: no payload can nest deeper than its message does.</remarks>
internal abstract class WireShape(Type type, byte[] manifest)
{
    /// <summary>The type that Hyperion makes of it.</summary>
    public Type Type { get; } = type;

    /// <summary>How Hyperion names the type before a value.</summary>
    public byte[] Manifest { get; } = manifest;

    /// <summary>Checks a value with its manifest before it.</summary>
    public void CheckNamed(ref PayloadCursor cursor, bool mayBeNull)
    {
        if (mayBeNull && cursor.TryTakeNull())
            return;
        cursor.TakeManifest(Manifest, Type);
        CheckValue(ref cursor, mayBeNull: false);
    }

    /// <summary>Checks a value without its manifest.</summary>
    public abstract void CheckValue(ref PayloadCursor cursor, bool mayBeNull);
}

/// <summary>A value of fixed size, any bits of which are a value.</summary>
internal sealed class NumberShape(Type type, byte manifest, int size) : WireShape(type, [manifest])
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull) => cursor.Take(size, Type.Name);
}

/// <summary>A Boolean: a byte of 0 or 1.</summary>
internal sealed class BooleanShape(byte manifest) : WireShape(typeof(bool), [manifest])
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        byte value = cursor.TakeByte("a Boolean");
        if (value > 1)
            throw cursor.Refuse(1, "a Boolean", $"{value}");
    }
}

/// <summary>A string. It alone says of itself that it is null.</summary>
internal sealed class TextShape(byte manifest) : WireShape(typeof(string), [manifest])
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        if (!cursor.TakeText() && !mayBeNull)
            throw cursor.Refuse(1, "a string", "null");
    }
}

/// <summary>A byte array: length, bytes.</summary>
internal sealed class BytesShape(byte manifest) : WireShape(typeof(byte[]), [manifest])
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull) => cursor.Take(cursor.TakeCount(), "bytes");
}

/// <summary>An enum: its number, which must be one of those declared.</summary>
internal sealed class EnumShape(Type type, byte[] manifest, int size, IReadOnlyList<byte[]> values) : WireShape(type, manifest)
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        ReadOnlySpan<byte> found = cursor.Take(size, Type.Name);
        foreach (byte[] value in values)
        {
            if (found.SequenceEqual(value))
                return;
        }
        throw cursor.Refuse(size, $"a {Type.Name}", Convert.ToHexString(found));
    }
}

/// <summary>A record: its fields in the order of their names.</summary>
internal sealed class RecordShape(Type type, byte[] manifest, IReadOnlyList<WireElement> fields) : WireShape(type, manifest)
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        foreach (WireElement field in fields)
            field.Check(ref cursor);
    }
}

/// <summary>An array: the element type's manifest if Hyperion has that as a primitive, then count and elements.</summary>
internal sealed class ArrayShape(Type type, byte[] manifest, WireElement element) : WireShape(type, manifest)
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        if (!element.IsNamed)
            cursor.TakeManifest(element.Shape.Manifest, element.Shape.Type);
        int count = cursor.TakeCount();
        for (int i = 0; i < count; i++)
            element.Check(ref cursor);
    }
}

/// <summary>A dictionary: count, then entries of key and value.</summary>
internal sealed class DictionaryShape(Type type, byte[] manifest, RecordShape entry) : WireShape(type, manifest)
{
    public override void CheckValue(ref PayloadCursor cursor, bool mayBeNull)
    {
        int count = cursor.TakeCount();
        for (int i = 0; i < count; i++)
            entry.CheckNamed(ref cursor, mayBeNull: false);
    }
}

/// <summary>A field or element: its shape, whether its manifest stands before it, and whether it may be null.</summary>
internal readonly record struct WireElement(WireShape Shape, bool IsNamed, bool MayBeNull)
{
    /// <summary>Checks the value that is here.</summary>
    public void Check(ref PayloadCursor cursor)
    {
        if (IsNamed)
            Shape.CheckNamed(ref cursor, MayBeNull);
        else
            Shape.CheckValue(ref cursor, MayBeNull);
    }
}
