using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DistNet.Actors.Transport;

/// <summary>Writes several parts to a blocking socket in one call, all of them or only what it takes at once.</summary>
/// <remarks>
/// .NET offers the latter for sockets that never block, and a socket that has once been one of those costs a detour through another thread at
/// each wait from then on; and in several calls, each wakes the reader for a little. So this asks the C library, on Linux; elsewhere .NET
/// writes part by part, and nothing at once.
/// </remarks>
internal static partial class DirectSend
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;
    private const int Interrupted = 4;

    // As many parts as the system takes in one call.
    private const int MaxParts = 1024;

    /// <summary>Whether this system can.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Writes.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="parts">What to write, at least one byte.</param>
    /// <param name="mayWait">Whether to wait, up to the socket's time-out, while it is full.</param>
    /// <param name="error"><see cref="SocketError.WouldBlock"/> if the socket took nothing (in time).</param>
    /// <returns>Bytes written, maybe not all.</returns>
    public static unsafe long Send(Socket socket, ReadOnlySpan<NativePart> parts, bool mayWait, out SocketError error)
    {
        if (!IsSupported)
            return socket.Send(parts[0].Span, SocketFlags.None, out error);
        nint sent;
        fixed (NativePart* first = parts)
        {
            NativeMessage message = new() { Parts = first, PartCount = Math.Min(parts.Length, MaxParts) };
            sent = Send(socket.SafeHandle, &message, NoSignal | (mayWait ? 0 : DoNotWait));
        }
        int number = sent < 0 ? Marshal.GetLastPInvokeError() : 0;
        error = number switch
        {
            0 or Interrupted => SocketError.Success,
            TryAgain => SocketError.WouldBlock,
            _ => SocketError.ConnectionReset,
        };
        return Math.Max(sent, 0);
    }

    [LibraryImport("libc", EntryPoint = "sendmsg", SetLastError = true)]
    private static unsafe partial nint Send(SafeHandle socket, NativeMessage* message, int flags);

    // struct msghdr of Linux on 64 bits.
    [StructLayout(LayoutKind.Sequential)]
    private unsafe struct NativeMessage
    {
        public void* Name;
        public uint NameLength;
        public NativePart* Parts;
        public nint PartCount;
        public void* Control;
        public nint ControlLength;
        public int Flags;
    }
}
