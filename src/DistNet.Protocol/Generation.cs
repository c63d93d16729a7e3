namespace DistNet.Protocol;

/// <summary>The fencing token: grows each time the coordinator leases the work anew. What carries an older one is dropped.</summary>
/// <param name="Number">0 before the first lease, then 1, 2, ...</param>
public readonly record struct Generation(int Number) : IComparable<Generation>
{
    /// <summary>Before anything was leased.</summary>
    public static Generation None => default;

    /// <summary>The generation after this one.</summary>
    public Generation Next() => new(Number + 1);

    /// <inheritdoc/>
    public int CompareTo(Generation other) => Number.CompareTo(other.Number);

    /// <summary>Whether left is older than right.</summary>
    public static bool operator <(Generation left, Generation right) => left.Number < right.Number;

    /// <summary>Whether left is newer than right.</summary>
    public static bool operator >(Generation left, Generation right) => left.Number > right.Number;

    /// <summary>Whether left is not newer than right.</summary>
    public static bool operator <=(Generation left, Generation right) => left.Number <= right.Number;

    /// <summary>Whether left is not older than right.</summary>
    public static bool operator >=(Generation left, Generation right) => left.Number >= right.Number;
}
