namespace DistNet.Actors.Transport;

/// <summary>What the elements of a payload are; the value is the size of one in bytes, and on the wire.</summary>
public enum PayloadElement : byte
{
    /// <summary>Bytes, as of a file.</summary>
    Byte = 1,

    /// <summary>Little-endian binary32.</summary>
    Float = 4,
}

/// <summary>A frame as its receiver sees it, before any of the payload is read.</summary>
/// <param name="Peer">Node id of the sender, which has proven that it knows the cluster's secret.</param>
/// <param name="Kind">Meaning of the frame, the application's choice.</param>
/// <param name="Element">Floats or bytes.</param>
/// <param name="Length">Elements of the payload, within the receiver's limit.</param>
public readonly record struct FrameHeader(string Peer, byte Kind, PayloadElement Element, int Length)
{
    /// <summary>Size of the payload.</summary>
    public int PayloadBytes => Length * (int)Element;
}
