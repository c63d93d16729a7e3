namespace DistNet.Protocol;

/// <summary>A part of the content of a data set: what is asked for, and sent, at a time.</summary>
/// <param name="Offset">Where it begins, in bytes of the content.</param>
/// <param name="Length">Bytes, 1 to <see cref="MaxLength"/>.</param>
public readonly record struct DataPiece(long Offset, int Length)
{
    /// <summary>Most bytes of a piece: 1 MiB. Small beside what waits for a link, large beside the question for it.</summary>
    public const int MaxLength = 1 << 20;

    /// <summary>Whether it lies wholly inside a content of so many bytes, and is not longer than allowed.</summary>
    public bool IsWithin(long sizeBytes) => Offset >= 0 && Length is >= 1 and <= MaxLength && Offset <= sizeBytes - Length;
}
