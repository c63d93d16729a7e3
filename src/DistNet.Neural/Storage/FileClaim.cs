namespace DistNet.Neural;

/// <summary>A file that one process holds at a time. The system gives it back when that process dies.</summary>
internal static class FileClaim
{
    // What the system answers where another process has the file; .NET hands it on as it is.
    private const int WouldBlock = 11;
    private const int WouldBlockOnMac = 35;
    private const int SharingViolation = unchecked((int)0x80070020);

    /// <summary>Takes the file for this process until what is returned is disposed of; makes it where it does not exist.</summary>
    /// <returns>Null if another holds it.</returns>
    /// <exception cref="IOException">The folder does not exist; the disk is full, read-only or gone.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be written.</exception>
    /// <remarks>The file stays: were it deleted, who waits for it could lock the deleted one, and a third process a new one.</remarks>
    public static FileStream? TryTake(string path)
    {
        try
        {
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None, 1);
        }
        catch (IOException fault) when (fault.HResult is WouldBlock or WouldBlockOnMac or SharingViolation)
        {
            return null;
        }
    }
}
