using System.Buffers.Binary;
using System.Text;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>What the tensors between nodes are.</summary>
internal static class FrameKind
{
    /// <summary>Worker's node -> parameter shard: a gradient sum's range.</summary>
    public const byte GradientSum = 1;

    /// <summary>Parameter shard -> node with workers: the shard's range of a version.</summary>
    public const byte Parameters = 2;

    /// <summary>Parameter shard -> coordinator: a copy of the shard's state.</summary>
    public const byte Snapshot = 3;

    /// <summary>Coordinator -> parameter shard: the state to go back to.</summary>
    public const byte Restore = 4;

    /// <summary>Node of the coordinator -> node: a piece of a data set, bytes.</summary>
    public const byte DataPiece = 5;

    /// <summary>As <see cref="GradientSum"/>, between processes that map each other's memory: where the sum lies.</summary>
    public const byte SharedGradientSum = 16;

    /// <summary>As <see cref="Parameters"/>, likewise: where the sender's parameters lie.</summary>
    public const byte SharedParameters = 17;
}

/// <summary>The metadata of a frame: which run, generation, shard and version its tensor belongs to.</summary>
/// <param name="Run">The coordinator's incarnation; frames of another are refused.</param>
/// <param name="Generation">As in the message.</param>
/// <param name="Shard">Which shard's range.</param>
/// <param name="Version">As in the message; of a piece of a data set, where it begins, in bytes of the set's content.</param>
/// <param name="Node">The micro-batches of a gradient sum.</param>
/// <param name="Statistics">Over the node's examples, or over the epoch.</param>
/// <param name="Text">The worker of a gradient sum; the slots of a state, separated by commas; the content hash of a data set.</param>
internal readonly record struct FrameLabel(
    long Run, Generation Generation, int Shard, long Version, TreeNode Node, LossStatistics Statistics, string Text)
{
    private const int FixedBytes = 56;
    private const int MaxTextBytes = 1024;

    /// <summary>Most bytes that <see cref="Write"/> needs.</summary>
    public const int MaxBytes = FixedBytes + MaxTextBytes;

    /// <summary>Writes the label, little-endian.</summary>
    /// <returns>The bytes written.</returns>
    public ReadOnlySpan<byte> Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt64LittleEndian(target, Run);
        BinaryPrimitives.WriteInt32LittleEndian(target[8..], Generation.Number);
        BinaryPrimitives.WriteInt32LittleEndian(target[12..], Shard);
        BinaryPrimitives.WriteInt64LittleEndian(target[16..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(target[24..], Node.First);
        BinaryPrimitives.WriteInt32LittleEndian(target[28..], Node.Count);
        BinaryPrimitives.WriteDoubleLittleEndian(target[32..], Statistics.LossSum);
        BinaryPrimitives.WriteInt64LittleEndian(target[40..], Statistics.Correct);
        BinaryPrimitives.WriteInt64LittleEndian(target[48..], Statistics.Examples);
        return target[..(FixedBytes + Encoding.UTF8.GetBytes(Text, target[FixedBytes..MaxBytes]))];
    }

    /// <summary>Reads a label.</summary>
    /// <exception cref="InvalidDataException">It is too short or too long.</exception>
    public static FrameLabel Read(ReadOnlySpan<byte> label)
    {
        if (label.Length is < FixedBytes or > MaxBytes)
            throw new InvalidDataException($"A tensor's label has {label.Length} bytes; {FixedBytes} to {MaxBytes} were expected.");
        return new FrameLabel(
            BinaryPrimitives.ReadInt64LittleEndian(label),
            new Generation(BinaryPrimitives.ReadInt32LittleEndian(label[8..])),
            BinaryPrimitives.ReadInt32LittleEndian(label[12..]),
            BinaryPrimitives.ReadInt64LittleEndian(label[16..]),
            new TreeNode(BinaryPrimitives.ReadInt32LittleEndian(label[24..]), BinaryPrimitives.ReadInt32LittleEndian(label[28..])),
            new LossStatistics(
                BinaryPrimitives.ReadDoubleLittleEndian(label[32..]),
                BinaryPrimitives.ReadInt64LittleEndian(label[40..]),
                BinaryPrimitives.ReadInt64LittleEndian(label[48..])),
            Encoding.UTF8.GetString(label[FixedBytes..]));
    }
}
