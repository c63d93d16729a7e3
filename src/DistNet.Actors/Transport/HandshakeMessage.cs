using System.Buffers.Binary;
using System.Text;

namespace DistNet.Actors.Transport;

/// <summary>What a handshake message is for. The numbers are on the wire.</summary>
internal enum HandshakeStep : byte
{
    /// <summary>Dialler -> listener: who I am.</summary>
    Hello = 1,

    /// <summary>Listener -> dialler: who I am; prove that you know the secret.</summary>
    Challenge = 2,

    /// <summary>Dialler -> listener: here is the proof.</summary>
    Proof = 3,

    /// <summary>Listener -> dialler: and here is mine.</summary>
    Welcome = 4,

    /// <summary>Either -> the other: no, and why. Also a receiver's last sentence before it closes.</summary>
    Refusal = 5,
}

/// <summary>How much of a message has arrived.</summary>
internal enum MessageState
{
    /// <summary>Some of it.</summary>
    Partial,

    /// <summary>All of it.</summary>
    Whole,

    /// <summary>Something else.</summary>
    Malformed,
}

/// <summary>One message of the handshake: magic, step, length of the body, body.</summary>
internal readonly ref struct HandshakeMessage
{
    /// <summary>Size of the longest message.</summary>
    public const int MaxBytes = PrefixBytes + MaxBodyBytes;

    /// <summary>Size of each side's random number.</summary>
    public const int NonceBytes = 32;

    /// <summary>Size of a proof.</summary>
    public const int ProofBytes = 32;

    private const int PrefixBytes = 7;
    private const int MaxBodyBytes = sizeof(int) + NonceBytes + 3 * (1 + TensorTransportOptions.MaxNameBytes);
    private const int StepAt = 4;
    private const int LengthAt = 5;

    // "DNTH" in the order of the bytes.
    private const uint Magic = 0x4854_4E44;

    private HandshakeMessage(ReadOnlySpan<byte> bytes) => Bytes = bytes;

    /// <summary>The whole message.</summary>
    public ReadOnlySpan<byte> Bytes { get; }

    /// <summary>What it is for.</summary>
    public HandshakeStep Step => (HandshakeStep)Bytes[StepAt];

    /// <summary>What it says.</summary>
    public ReadOnlySpan<byte> Body => Bytes[PrefixBytes..];

    /// <summary>Looks for one message, and nothing after it, in bytes that may be anything.</summary>
    public static MessageState TryRead(ReadOnlySpan<byte> bytes, out HandshakeMessage message)
    {
        message = default;
        if (bytes.Length < sizeof(uint))
            return MessageState.Partial;
        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes) != Magic)
            return MessageState.Malformed;
        if (bytes.Length < PrefixBytes)
            return MessageState.Partial;
        int length = PrefixBytes + BinaryPrimitives.ReadUInt16LittleEndian(bytes[LengthAt..]);
        if (length > MaxBytes || bytes.Length > length)
            return MessageState.Malformed;
        if (bytes.Length < length)
            return MessageState.Partial;
        message = new HandshakeMessage(bytes);
        return MessageState.Whole;
    }

    /// <summary>A message with a given body.</summary>
    public static byte[] Write(HandshakeStep step, ReadOnlySpan<byte> body)
    {
        byte[] bytes = new byte[PrefixBytes + body.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, Magic);
        bytes[StepAt] = (byte)step;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(LengthAt), (ushort)body.Length);
        body.CopyTo(bytes.AsSpan(PrefixBytes));
        return bytes;
    }

    /// <summary>The message in which one side refuses the other.</summary>
    /// <param name="kind">Why.</param>
    /// <param name="sentence">Why, for a user; cut to what a message holds.</param>
    public static byte[] WriteRefusal(HandshakeRefusalKind kind, string sentence)
    {
        Span<byte> body = stackalloc byte[MaxBodyBytes];
        body[0] = (byte)kind;
        Encoding.UTF8.GetEncoder().Convert(sentence, body[1..], flush: true, out _, out int written, out _);
        return Write(HandshakeStep.Refusal, body[..(1 + written)]);
    }

    /// <summary>What a refusal says, without the control characters that a stranger may have put into it.</summary>
    public bool TryReadRefusal(out HandshakeRefusalKind kind, out string sentence)
    {
        kind = default;
        sentence = "";
        if (Step != HandshakeStep.Refusal || Body.IsEmpty)
            return false;
        kind = (HandshakeRefusalKind)Body[0];
        sentence = string.Concat(Encoding.UTF8.GetString(Body[1..]).Where(c => !char.IsControl(c)));
        return Enum.IsDefined(kind);
    }
}
