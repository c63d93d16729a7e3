using System.Collections.Concurrent;
using Hyperion;
using Hyperion.SerializerFactories;
using Hyperion.ValueSerializers;

namespace DistNet.Actors;

/// <summary>Writes whatever is behind an <see cref="IReadOnlyList{T}"/> as an array, and behind an
/// <see cref="IReadOnlyDictionary{TKey, TValue}"/> as a dictionary.</summary>
/// <remarks>The list of a collection expression is of a type without a public name; its reader would have to know, and allow, each such type.</remarks>
internal sealed class CollectionSerializerFactory : ValueSerializerFactory
{
    /// <inheritdoc/>
    public override bool CanSerialize(Serializer serializer, Type type) => Plain(type) is { } plain && plain != type;

    /// <inheritdoc/>
    public override bool CanDeserialize(Serializer serializer, Type type) => false;

    /// <inheritdoc/>
    public override ValueSerializer BuildSerializer(Serializer serializer, Type type, ConcurrentDictionary<Type, ValueSerializer> typeMapping)
    {
        Type plain = Plain(type)!;
        Type[] arguments = plain.IsArray ? [plain.GetElementType()!] : plain.GetGenericArguments();
        Type copying = (plain.IsArray ? typeof(ListAsArray<>) : typeof(AsDictionary<,>)).MakeGenericType(arguments);
        return typeMapping.GetOrAdd(type, (ValueSerializer)Activator.CreateInstance(copying, serializer.GetSerializerByType(plain))!);
    }

    private static Type? Plain(Type type)
    {
        if (type.IsArray)
            return null;
        if (WireCollections.Interface(type, typeof(IReadOnlyDictionary<,>)) is { } dictionary)
            return typeof(Dictionary<,>).MakeGenericType(dictionary.GetGenericArguments());
        return WireCollections.Interface(type, typeof(IReadOnlyList<>))?.GetGenericArguments()[0].MakeArrayType();
    }

    private abstract class Copying(ValueSerializer plain, Type type) : ValueSerializer
    {
        public override void WriteManifest(Stream stream, SerializerSession session) => plain.WriteManifest(stream, session);

        public override void WriteValue(Stream stream, object value, SerializerSession session) => plain.WriteValue(stream, Copy(value), session);

        public override object ReadValue(Stream stream, DeserializerSession session) => throw new NotSupportedException($"Nothing is read as a {type}.");

        public override Type GetElementType() => type;

        protected abstract object Copy(object value);
    }

    private sealed class ListAsArray<T>(ValueSerializer plain) : Copying(plain, typeof(T[]))
    {
        protected override object Copy(object value) => ((IReadOnlyList<T>)value).ToArray();
    }

    private sealed class AsDictionary<TKey, TValue>(ValueSerializer plain) : Copying(plain, typeof(Dictionary<TKey, TValue>))
        where TKey : notnull
    {
        protected override object Copy(object value) => new Dictionary<TKey, TValue>((IReadOnlyDictionary<TKey, TValue>)value);
    }
}
