using System.Reflection;
using System.Text;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>The messages of the protocol, and every type that they are made of: what a payload may hold, and nothing else.</summary>
public sealed class ProtocolTypes
{
    private readonly Dictionary<string, RecordShape> _shapes;

    private ProtocolTypes(IEnumerable<Type> messages)
    {
        WireShapes shapes = new();
        Messages = [.. messages.OrderBy(type => type.FullName, StringComparer.Ordinal)];
        _shapes = Messages.Select(shapes.Record).ToDictionary(shape => NameIn(shape.Manifest));
        Allowed = shapes.NamedTypes.ToHashSet();
    }

    /// <summary>Those of DistNet.Protocol and DistNet.Actors.</summary>
    public static ProtocolTypes All { get; } = In(typeof(IProtocolMessage).Assembly, typeof(ProtocolTypes).Assembly);

    /// <summary>The types that are marked with <see cref="IProtocolMessage"/>, by name.</summary>
    public IReadOnlyList<Type> Messages { get; }

    /// <summary>The messages and the enums, structs, records and collections in them; all that a payload may name.</summary>
    public IReadOnlySet<Type> Allowed { get; }

    /// <summary>The marked types of some assemblies.</summary>
    /// <exception cref="NotSupportedException">A marked type has a property that a message must not carry.</exception>
    public static ProtocolTypes In(params Assembly[] assemblies) => new(assemblies.SelectMany(assembly => assembly.GetTypes()).Where(IsMessage));

    /// <summary>These marked types.</summary>
    internal static ProtocolTypes Of(params Type[] messages) => new(messages);

    /// <summary>Checks that a payload is one message, whole, and nothing more. Allocates nothing that the payload's content asks for.</summary>
    /// <exception cref="PayloadRefusedException">It is not.</exception>
    internal void Check(ReadOnlySpan<byte> payload)
    {
        PayloadCursor cursor = new(payload);
        string name = cursor.PeekName();
        if (!_shapes.TryGetValue(name, out RecordShape? shape))
            throw new PayloadRefusedException($"A payload of {payload.Length} bytes names a type that is no message of the protocol: {Printable(name)}.");
        shape.CheckNamed(ref cursor, mayBeNull: false);
        cursor.TakeEnd();
    }

    private static bool IsMessage(Type type) => type.IsAssignableTo(typeof(IProtocolMessage)) && !type.IsInterface && !type.IsAbstract;

    // After the kind of manifest and the name's length.
    private static string NameIn(byte[] manifest) => Encoding.UTF8.GetString(manifest.AsSpan(1 + sizeof(int)));

    // The name comes from who sent the payload: it must not fill or forge a log.
    private static string Printable(string name) =>
        string.Concat((name.Length <= 200 ? name : name[..200] + "...").Select(c => char.IsControl(c) ? '?' : c));
}
