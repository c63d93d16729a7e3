namespace DistNet.Neural;

/// <summary>The one sentence in which a bad file is refused: path, offset, expected, found, and what to do.</summary>
internal static class FileDamage
{
    /// <summary>What to do about a data file that is not what it should be.</summary>
    public const string TakeFreshCopy = "take a fresh copy of the file";

    /// <summary>What to do about a checkpoint, model or run file that is not what it should be.</summary>
    public const string UseEarlier = "use an earlier file or train again";

    /// <summary>A fault at a known offset.</summary>
    /// <param name="path">The file.</param>
    /// <param name="offset">Bytes from its beginning (of its unpacked content, if it is compressed) to the fault.</param>
    /// <param name="expected">What should be there.</param>
    /// <param name="found">What is there.</param>
    /// <param name="advice">What the reader of the sentence should do.</param>
    /// <param name="inner">What a library said, if it found the fault.</param>
    public static InvalidDataException At(string path, long offset, string expected, string found, string advice, Exception? inner = null) =>
        new($"{path} cannot be used: at offset {offset} expected {expected}, found {found}; {advice}.", inner);

    /// <summary>A fault of the whole file, such as its checksum.</summary>
    public static InvalidDataException Whole(string path, string expected, string found, string advice, Exception? inner = null) =>
        new($"{path} cannot be used: expected {expected}, found {found}; {advice}.", inner);
}
