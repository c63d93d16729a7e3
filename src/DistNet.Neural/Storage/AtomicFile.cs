using System.Runtime.InteropServices;

namespace DistNet.Neural;

/// <summary>Writes a file so that, whenever the power fails, the old content or the new is there and nothing in between.</summary>
internal static partial class AtomicFile
{
    /// <summary>What a file under construction is called: the final name and this.</summary>
    public const string TemporarySuffix = ".tmp";

    private const int BufferSizeBytes = 1 << 16;

    /// <summary>Writes beside the final name, flushes to disk, renames, and flushes the folder.</summary>
    /// <param name="path">The final name; replaced if it exists.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="IOException">The disk is full, read-only or gone; nothing is left and what was there is unchanged.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        try
        {
            WriteTemporary(path + TemporarySuffix, path, write);
        }
        catch (IOException failure)
        {
            throw new IOException($"{path} could not be written: {failure.Message}", failure);
        }
    }

    private static void WriteTemporary(string temporary, string path, Action<Stream> write)
    {
        // Opened outside the try: if another process holds the name, the file is not ours to delete.
        var stream = new FileStream(temporary, FileMode.Create, FileAccess.Write, FileShare.None, BufferSizeBytes);
        var complete = false;
        try
        {
            using (stream)
            {
                write(stream);
                stream.Flush(flushToDisk: true);
            }
            File.Move(temporary, path, overwrite: true);
            complete = true;
        }
        finally
        {
            if (!complete)
                File.Delete(temporary);
        }
        FlushFolder(Path.GetDirectoryName(Path.GetFullPath(path))!);
    }

    /// <summary>Makes the renames in a folder durable.</summary>
    /// <remarks>.NET cannot open folders, so this asks the C library; where there is none, the file system's journal has to do.</remarks>
    public static void FlushFolder(string folder)
    {
        if (!OperatingSystem.IsLinux() && !OperatingSystem.IsMacOS())
            return;
        const int readOnly = 0;
        var descriptor = Open(folder, readOnly);
        if (descriptor < 0)
            return;
        _ = Flush(descriptor);
        _ = Close(descriptor);
    }

    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Open(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync")]
    private static partial int Flush(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    private static partial int Close(int descriptor);
}
