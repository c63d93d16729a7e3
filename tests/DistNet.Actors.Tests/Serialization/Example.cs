using System.Reflection;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A value for each type of the protocol, made by reflection: always the same, and each number in a message another.</summary>
internal static class Example
{
    /// <summary>The marked types of the protocol, as theory data.</summary>
    public static TheoryData<Type> Messages => [.. ProtocolTypes.All.Messages];

    public static IProtocolMessage Of(Type type) => (IProtocolMessage)Value(type, new Counter());

    private static object Value(Type type, Counter counter) => type switch
    {
        _ when Nullable.GetUnderlyingType(type) is { } underlying => Value(underlying, counter),
        { IsEnum: true } => Enum.GetValues(type).GetValue(Enum.GetValues(type).Length - 1)!,
        _ when type == typeof(string) => $"akka.tcp://distnet@node-{counter.Next()}:4053/user/größe#{counter.Next()}",
        _ when type == typeof(bool) => true,
        _ when type == typeof(Guid) => new Guid(counter.Next(), 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
        _ when type == typeof(TimeSpan) => TimeSpan.FromSeconds(counter.Next()),
        { IsPrimitive: true } => Convert.ChangeType(counter.Next(), type, null),
        _ when WireCollections.ElementOf(type) is { } element => List(element, counter),
        _ when WireCollections.EntryOf(type) is { } entry => Dictionary(entry.Key, entry.Value, counter),
        _ => Constructed(type, counter),
    };

    private static Array List(Type element, Counter counter)
    {
        Array list = Array.CreateInstance(element, 3);
        for (int i = 0; i < list.Length; i++)
            list.SetValue(Value(element, counter), i);
        return list;
    }

    private static object Dictionary(Type key, Type value, Counter counter)
    {
        var dictionary = (System.Collections.IDictionary)Activator.CreateInstance(typeof(Dictionary<,>).MakeGenericType(key, value))!;
        dictionary.Add(Value(key, counter), Value(value, counter));
        return dictionary;
    }

    private static object Constructed(Type type, Counter counter)
    {
        ConstructorInfo constructor = type.GetConstructors().MaxBy(c => c.GetParameters().Length)!;
        return constructor.Invoke([.. constructor.GetParameters().Select(parameter => Value(parameter.ParameterType, counter))]);
    }

    private sealed class Counter
    {
        private int _last;

        public int Next() => ++_last;
    }
}
