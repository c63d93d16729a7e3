using DistNet.Protocol;

namespace DistNet.Actors.Tests;

/// <summary>A message with every kind of property that a message may have.</summary>
public sealed record EveryKind(
    bool Flag,
    byte Byte,
    short Short,
    int Int,
    long Long,
    sbyte SignedByte,
    ushort UnsignedShort,
    uint UnsignedInt,
    ulong UnsignedLong,
    float Single,
    double Double,
    string Text,
    string? MaybeText,
    Guid Id,
    TimeSpan Duration,
    int? MaybeInt,
    Lease? MaybeLease,
    Colour Colour,
    byte[] Bytes,
    int[] Ints,
    string[] Texts,
    IReadOnlyList<string?> MaybeTexts,
    IReadOnlyList<Part> Parts,
    IReadOnlyList<Colour> Colours,
    Part? MaybePart,
    IReadOnlyDictionary<string, Part> ByName,
    IReadOnlyDictionary<Lease, int?> ByLease) : IProtocolMessage;

/// <summary>Part of a message, and none itself.</summary>
public sealed record Part(string Name, IReadOnlyList<Lease> Leases);

/// <summary>An enum with a gap between its values.</summary>
public enum Colour
{
    Red = 1,
    Green = 2,
    Blue = 4,
}

/// <summary>A record that anybody may send and nobody registered.</summary>
public sealed record Unmarked(int Number);

/// <summary>Marked, but no message of the program.</summary>
public sealed record Stranger(string Text) : IProtocolMessage;
