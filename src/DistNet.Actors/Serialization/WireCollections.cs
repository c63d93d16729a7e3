namespace DistNet.Actors;

/// <summary>The two kinds of collection that travel: lists as arrays, and dictionaries.</summary>
internal static class WireCollections
{
    /// <summary>The element type, if a property of this type takes an array.</summary>
    public static Type? ElementOf(Type declared)
    {
        if (declared.IsSZArray)
            return declared.GetElementType();
        return Is(declared, typeof(IReadOnlyList<>)) ? declared.GetGenericArguments()[0] : null;
    }

    /// <summary>The types of key and value, if a property of this type takes a <see cref="Dictionary{TKey, TValue}"/>.</summary>
    public static (Type Key, Type Value)? EntryOf(Type declared)
    {
        if (!Is(declared, typeof(IReadOnlyDictionary<,>)) && !Is(declared, typeof(Dictionary<,>)))
            return null;
        Type[] arguments = declared.GetGenericArguments();
        return (arguments[0], arguments[1]);
    }

    /// <summary>The interface of this kind that a type is or has.</summary>
    public static Type? Interface(Type type, Type kind) => Is(type, kind) ? type : System.Array.Find(type.GetInterfaces(), i => Is(i, kind));

    private static bool Is(Type type, Type kind) => type.IsConstructedGenericType && type.GetGenericTypeDefinition() == kind;
}
