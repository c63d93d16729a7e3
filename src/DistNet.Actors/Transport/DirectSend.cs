using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace DistNet.Actors.Transport;

/// <summary>Writes to a blocking socket only what it takes at once.</summary>
/// <remarks>
/// .NET offers that for sockets that never block, and a socket that has once been one of those costs a detour through another thread at each
/// wait from then on. So this asks the C library, on Linux; elsewhere nothing is written at once.
/// </remarks>
internal static partial class DirectSend
{
    private const int DoNotWait = 0x40;
    private const int NoSignal = 0x4000;
    private const int TryAgain = 11;
    private const int Interrupted = 4;

    /// <summary>Whether this system can.</summary>
    public static bool IsSupported => OperatingSystem.IsLinux();

    /// <summary>Writes what the socket takes without waiting.</summary>
    /// <param name="socket">A connected socket.</param>
    /// <param name="bytes">What to write, at least one byte.</param>
    /// <param name="error"><see cref="SocketError.WouldBlock"/> if the socket takes nothing now.</param>
    /// <returns>Bytes written.</returns>
    public static int Send(Socket socket, ReadOnlySpan<byte> bytes, out SocketError error)
    {
        nint sent = Send(socket.SafeHandle, bytes, bytes.Length, DoNotWait | NoSignal);
        if (sent >= 0)
        {
            error = SocketError.Success;
            return (int)sent;
        }
        error = Marshal.GetLastPInvokeError() is TryAgain or Interrupted ? SocketError.WouldBlock : SocketError.ConnectionReset;
        return 0;
    }

    [LibraryImport("libc", EntryPoint = "send", SetLastError = true)]
    private static partial nint Send(SafeHandle socket, ReadOnlySpan<byte> bytes, nint length, int flags);
}
