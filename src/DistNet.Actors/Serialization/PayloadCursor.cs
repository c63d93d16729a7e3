using System.Buffers.Binary;
using System.Text;
using System.Text.Unicode;

namespace DistNet.Actors;

/// <summary>A place in a payload that moves on as what is there turns out to be what must be there.</summary>
internal ref struct PayloadCursor(ReadOnlySpan<byte> payload)
{
    // What Hyperion writes before a value: null, a type by name, a type named before.
    private const byte NullManifest = 0;
    private const byte NameManifest = 255;
    private const byte IndexManifest = 254;

    // A string shorter than this has its length in one byte, else in five.
    private const int LongText = 254;

    private readonly ReadOnlySpan<byte> _payload = payload;

    // The manifests that the payload has spelled out so far, by the index that stands for them from then on.
    private List<byte[]>? _named;
    private int _offset;

    private readonly int Remaining => _payload.Length - _offset;

    /// <summary>Takes the null that stands in place of a value, if it is here.</summary>
    public bool TryTakeNull()
    {
        if (Remaining == 0 || _payload[_offset] != NullManifest)
            return false;
        _offset++;
        return true;
    }

    /// <summary>Takes the manifest of a type: spelled out the first time, an index from then on.</summary>
    public void TakeManifest(byte[] manifest, Type type)
    {
        int index = manifest.Length == 1 ? -1 : _named?.IndexOf(manifest) ?? -1;
        if (index >= 0)
        {
            TakeExactly([IndexManifest, (byte)index, (byte)(index >> 8)], type);
            return;
        }
        TakeExactly(manifest, type);
        if (manifest.Length > 1)
            (_named ??= []).Add(manifest);
    }

    /// <summary>Reads the name of the type at the payload's beginning without moving on.</summary>
    public readonly string PeekName()
    {
        PayloadCursor ahead = this;
        if (ahead.TakeByte("the name of a message") != NameManifest)
            throw Refusal(0, "the name of a message", $"{_payload[0]}");
        return Encoding.UTF8.GetString(ahead.Take(ahead.TakeCount(), "the name of a message"));
    }

    /// <summary>Takes a count or length; what it counts takes a byte at least.</summary>
    public int TakeCount()
    {
        int at = _offset;
        int count = BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int), "a length"));
        if (count < 0 || count > Remaining)
            throw Refusal(at, $"a length from 0 to {Remaining}", $"{count}");
        return count;
    }

    /// <summary>Takes a string's length and the string; returns whether it is one, not null.</summary>
    public bool TakeText()
    {
        int at = _offset;
        int first = TakeByte("a string");
        if (first == 0)
            return false;
        int length = first == byte.MaxValue ? TakeCount() : first - 1;
        if (first == byte.MaxValue && length < LongText)
            throw Refusal(at, $"a length of {LongText} at least, where it takes five bytes", $"{length}");
        if (!Utf8.IsValid(Take(length, "a string")))
            throw Refusal(at, "a string in UTF-8", "other bytes");
        return true;
    }

    /// <summary>Takes one byte.</summary>
    public byte TakeByte(string expected) => Take(1, expected)[0];

    /// <summary>Takes a number of bytes.</summary>
    public ReadOnlySpan<byte> Take(int size, string expected)
    {
        if (size > Remaining)
            throw Refusal(_offset, $"{expected} of {size} bytes", $"{Remaining} bytes");
        _offset += size;
        return _payload.Slice(_offset - size, size);
    }

    /// <summary>Requires that nothing is left.</summary>
    public readonly void TakeEnd()
    {
        if (Remaining != 0)
            throw Refusal(_offset, "the end", $"{Remaining} bytes more");
    }

    /// <summary>A refusal of what was taken last.</summary>
    public readonly PayloadRefusedException Refuse(int size, string expected, string found) => Refusal(_offset - size, expected, found);

    private void TakeExactly(scoped ReadOnlySpan<byte> bytes, Type type)
    {
        if (!_payload[_offset..].StartsWith(bytes))
            throw Refusal(_offset, $"a {type}", Remaining == 0 ? "the end" : "something else");
        _offset += bytes.Length;
    }

    private readonly PayloadRefusedException Refusal(int offset, string expected, string found) =>
        new($"A payload of {_payload.Length} bytes is no message of the protocol: at byte {offset} expected {expected}, found {found}.");
}
