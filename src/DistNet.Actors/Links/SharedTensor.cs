using System.Buffers.Binary;

namespace DistNet.Actors;

/// <summary>Where a tensor lies that is handed over in memory: what stands before the label of such a frame, which has no payload.</summary>
/// <param name="Memory">The vector's memory.</param>
/// <param name="Length">Elements of the vector.</param>
/// <param name="First">Which parameter the vector begins with.</param>
/// <param name="Changes">Of a vector that its owner goes on to write, <see cref="SharedVector.Changes"/>
/// while it holds the tensor; of one that is lent, 0.</param>
internal readonly record struct SharedTensor(MemoryReference Memory, int Length, int First, long Changes)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Bytes = MemoryReference.Bytes + 16;

    /// <summary>A frame's metadata: this, and the label.</summary>
    /// <param name="label">Of the frame.</param>
    /// <param name="target">At least <see cref="Bytes"/> and <see cref="FrameLabel.MaxBytes"/> long.</param>
    public ReadOnlySpan<byte> Write(in FrameLabel label, Span<byte> target)
    {
        Memory.Write(target);
        BinaryPrimitives.WriteInt32LittleEndian(target[MemoryReference.Bytes..], Length);
        BinaryPrimitives.WriteInt32LittleEndian(target[(MemoryReference.Bytes + 4)..], First);
        BinaryPrimitives.WriteInt64LittleEndian(target[(MemoryReference.Bytes + 8)..], Changes);
        return target[..(Bytes + label.Write(target[Bytes..]).Length)];
    }

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="InvalidDataException">It is too short.</exception>
    public static SharedTensor Read(ReadOnlySpan<byte> metadata, out ReadOnlySpan<byte> label)
    {
        if (metadata.Length < Bytes)
            throw new InvalidDataException($"The metadata of a tensor in shared memory has {metadata.Length} bytes; at least {Bytes} were expected.");
        label = metadata[Bytes..];
        return new SharedTensor(
            MemoryReference.Read(metadata),
            BinaryPrimitives.ReadInt32LittleEndian(metadata[MemoryReference.Bytes..]),
            BinaryPrimitives.ReadInt32LittleEndian(metadata[(MemoryReference.Bytes + 4)..]),
            BinaryPrimitives.ReadInt64LittleEndian(metadata[(MemoryReference.Bytes + 8)..]));
    }
}
