using System.Runtime.Serialization;

namespace DistNet.Actors;

/// <summary>Bytes that are no message of the protocol, or a message that the protocol does not carry. Nothing of it was made or kept.</summary>
/// <remarks>A <see cref="SerializationException"/>, so that Akka logs it, drops the message, and keeps the association.</remarks>
public sealed class PayloadRefusedException : SerializationException
{
    /// <summary>Refuses with a sentence.</summary>
    public PayloadRefusedException(string message)
        : base(message)
    {
    }

    /// <summary>Refuses with a sentence, for a reason found elsewhere.</summary>
    public PayloadRefusedException(string message, Exception reason)
        : base(message, reason)
    {
    }
}
