namespace DistNet.Protocol;

/// <summary>Marks a message that may cross a wire: a sealed record that carries a decision, not tensors.</summary>
/// <remarks>
/// The marker is the whole registration: the serializer allows exactly the marked types and what their properties are made of. Those may be
/// numbers, <see cref="bool"/>, <see cref="string"/>, <see cref="Guid"/>, <see cref="TimeSpan"/>, <c>byte[]</c>, enums, DistNet's own structs and sealed
/// records, and arrays, <see cref="IReadOnlyList{T}"/> and <see cref="IReadOnlyDictionary{TKey, TValue}"/> of these. Actors travel as addresses in text.
/// </remarks>
#pragma warning disable CA1040 // A marker has no members.
public interface IProtocolMessage;
#pragma warning restore CA1040
