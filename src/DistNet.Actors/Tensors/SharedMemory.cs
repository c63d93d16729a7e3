using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace DistNet.Actors;

/// <summary>
/// Memory without a name that other processes of the same user on the same machine can map: it goes when the last of them lets go, however it ends.
/// </summary>
/// <remarks>Linux only: <c>memfd_create(2)</c>, opened by others through <c>/proc/PID/fd</c>. Sealed, so that nobody can shrink it under its readers.</remarks>
internal static partial class SharedMemory
{
    private const uint CloseOnExec = 1;
    private const uint AllowSealing = 2;
    private const int AddSeals = 1033;
    private const int GetSeals = 1034;
    private const int SealSeal = 1;
    private const int SealShrink = 2;
    private const int SealGrow = 4;
    private const int ReadOnly = 1;
    private const int ReadAndWrite = 3;
    private const int SharedAtThisAddress = 0x11;

    private static readonly Lazy<string> OwnDomain = new(FindDomain);

    /// <summary>Names what has to be equal for two processes to map each other's memory; empty where this one cannot share any.</summary>
    public static string Domain => OwnDomain.Value;

    /// <summary>New memory of zeros.</summary>
    /// <exception cref="IOException">The system gives none.</exception>
    public static SafeFileHandle Create(long bytes)
    {
        SafeFileHandle memory = new(CreateMemory("distnet", CloseOnExec | AllowSealing), ownsHandle: true);
        if (memory.IsInvalid)
            throw new IOException($"No memory could be shared with other processes: {Marshal.GetLastPInvokeErrorMessage()}");
        RandomAccess.SetLength(memory, bytes);
        if (Control(memory, AddSeals, SealShrink | SealGrow | SealSeal) < 0)
            throw new IOException($"Shared memory could not be sealed: {Marshal.GetLastPInvokeErrorMessage()}");
        return memory;
    }

    /// <summary>Another process's memory.</summary>
    /// <param name="process">Its id.</param>
    /// <param name="descriptor">The memory's number there.</param>
    /// <param name="bytes">The size it must have.</param>
    /// <exception cref="IOException">It is gone.</exception>
    /// <exception cref="UnauthorizedAccessException">It is not for this process.</exception>
    /// <exception cref="InvalidDataException">It is something else.</exception>
    public static SafeFileHandle Open(int process, int descriptor, long bytes)
    {
        string path = $"/proc/{process}/fd/{descriptor}";
        SafeFileHandle memory = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        int seals = Control(memory, GetSeals, 0); // negative for what cannot be sealed
        if (seals > 0 && (seals & SealShrink) != 0 && RandomAccess.GetLength(memory) == bytes)
            return memory;
        memory.Dispose();
        throw new InvalidDataException($"{path} is not the shared memory of {bytes} bytes that was announced.");
    }

    /// <summary>Has whole pages that are mapped already show other memory from now on.</summary>
    /// <param name="address">Of the first page.</param>
    /// <param name="bytes">Of all pages.</param>
    /// <param name="memory">What they are to show.</param>
    /// <param name="offset">Where that begins in it.</param>
    /// <param name="mayWrite">Otherwise writing to them ends the process.</param>
    /// <exception cref="IOException">The system refuses.</exception>
    public static void MapAt(nint address, long bytes, SafeFileHandle memory, long offset, bool mayWrite)
    {
        if (bytes > 0 && Map(address, (nuint)bytes, mayWrite ? ReadAndWrite : ReadOnly, SharedAtThisAddress, memory, offset) != address)
            throw new IOException($"Shared memory could not be mapped: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    // What tells machines, their containers, their users and the users' rights apart.
    private static string FindDomain()
    {
        if (!OperatingSystem.IsLinux() || !BitConverter.IsLittleEndian)
            return "";
        try
        {
            using SafeFileHandle probe = Create(Environment.SystemPageSize);
            using SafeFileHandle opened = Open(Environment.ProcessId, (int)probe.DangerousGetHandle(), Environment.SystemPageSize);
            string boot = File.ReadAllText("/proc/sys/kernel/random/boot_id").Trim();
            string rights = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith("CapEff", StringComparison.Ordinal)) ?? "";
            string domain = $"{boot} {Namespace("pid")} {Namespace("user")} {UserId()} {rights}";
            return Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(domain)).AsSpan(0, 16));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidDataException or EntryPointNotFoundException)
        {
            return "";
        }
    }

    private static string Namespace(string kind) => File.ResolveLinkTarget($"/proc/self/ns/{kind}", returnFinalTarget: false)?.Name ?? "";

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial nint Map(nint address, nuint bytes, int protection, int flags, SafeHandle memory, long offset);

    [LibraryImport("libc", EntryPoint = "memfd_create", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int CreateMemory(string name, uint flags);

    [LibraryImport("libc", EntryPoint = "fcntl", SetLastError = true)]
    private static partial int Control(SafeHandle file, int command, int argument);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    private static partial uint UserId();
}

/// <summary>Names memory of a process to the others on its machine.</summary>
/// <param name="Process">The process's id.</param>
/// <param name="Descriptor">The memory's number there.</param>
/// <param name="Token">A random number that the memory begins with: a number that was reused names nothing else by mistake.</param>
internal readonly record struct MemoryReference(int Process, int Descriptor, Guid Token)
{
    /// <summary>Bytes of a reference on the wire.</summary>
    public const int Bytes = 24;

    /// <summary>Writes it, little-endian.</summary>
    public void Write(Span<byte> target)
    {
        BinaryPrimitives.WriteInt32LittleEndian(target, Process);
        BinaryPrimitives.WriteInt32LittleEndian(target[4..], Descriptor);
        Token.TryWriteBytes(target[8..]);
    }

    /// <summary>Reads one.</summary>
    public static MemoryReference Read(ReadOnlySpan<byte> source) => new(
        BinaryPrimitives.ReadInt32LittleEndian(source), BinaryPrimitives.ReadInt32LittleEndian(source[4..]), new Guid(source.Slice(8, 16)));
}
