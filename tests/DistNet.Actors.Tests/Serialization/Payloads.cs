using System.Text;

namespace DistNet.Actors.Tests;

/// <summary>Serializers without an actor system, and payloads that nobody should read.</summary>
internal static class Payloads
{
    /// <summary>No message of the protocol takes more than a few kilobytes to read, and no hostile one may.</summary>
    public const long AllocationLimitBytes = 256 * 1024;

    public static HyperionSerializer Serializer { get; } = For(ProtocolTypes.All);

    public static HyperionSerializer For(ProtocolTypes types, int maximumPayloadSizeBytes = 64 * 1024) =>
        new(null!, new HyperionSerializerSettings { MaximumPayloadSizeBytes = maximumPayloadSizeBytes }, types);

    public static object Read(byte[] payload) => Serializer.FromBinary(payload, null!);

    public static byte[] Write(object message) => Serializer.ToBinary(message);

    /// <summary>A payload that begins with a type's name, as Hyperion writes it, and goes on with these bytes.</summary>
    public static byte[] Naming(string type, params ReadOnlySpan<byte> then)
    {
        byte[] name = Encoding.UTF8.GetBytes(type);
        return [255, .. BitConverter.GetBytes(name.Length), .. name, .. then];
    }

    /// <summary>The name of a type as Hyperion writes it.</summary>
    public static string Name(Type type)
    {
        string name = type.AssemblyQualifiedName!;
        return name[..name.IndexOf(", Version", StringComparison.Ordinal)] + (type.Assembly == typeof(int).Assembly ? ",%core%" : "");
    }

    /// <summary>Reads a payload as it is, so that what a type's first reading allocates is not put down to a damaged one.</summary>
    public static byte[] ReadOnce(byte[] payload)
    {
        Assert.NotNull(Read(payload));
        return payload;
    }

    /// <summary>Reads a payload that is not what was written: it must be refused, or be a whole message of the protocol.</summary>
    /// <returns>Whether it was refused.</returns>
    public static bool IsRefused(byte[] payload)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        object? read = null;
        try
        {
            read = Read(payload);
        }
        catch (PayloadRefusedException)
        {
            // One of the two answers that are right; any other exception fails the test.
        }
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, AllocationLimitBytes);
        if (read is null)
            return true;
        Assert.Contains(read.GetType(), ProtocolTypes.All.Messages);
        Assert.Equal(payload, Write(read));
        return false;
    }

    /// <summary>Asserts that a payload is refused, and returns the reason.</summary>
    public static string Refusal(byte[] payload)
    {
        Assert.True(IsRefused(payload));
        return Assert.Throws<PayloadRefusedException>(() => Read(payload)).Message;
    }

    /// <summary>A copy with one bit flipped.</summary>
    public static byte[] Flip(byte[] payload, int bit)
    {
        byte[] flipped = [.. payload];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
