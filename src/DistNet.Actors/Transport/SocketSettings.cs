using System.Net.Sockets;

namespace DistNet.Actors.Transport;

/// <summary>How the sockets of the transport are set up.</summary>
/// <remarks>
/// Buffer sizes are left to the operating system. Linux grows them to what the connection needs, which reached 11 GB/s over loopback with
/// 0.8 MB each way; fixed ones of 1 and 4 MB gave the same, of 256 KB a third, and most systems cap what a program may ask for at less than that.
/// </remarks>
internal static class SocketSettings
{
    // A peer that vanished without a word is noticed after 10 s of silence and three unanswered questions.
    private const int KeepAliveAfterSeconds = 10;
    private const int KeepAliveIntervalSeconds = 5;
    private const int KeepAliveQuestions = 3;

    /// <summary>For a new connection, before its handshake.</summary>
    public static void Prepare(Socket socket, TimeSpan deadline)
    {
        socket.NoDelay = true;
        SetTimeouts(socket, deadline);
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, KeepAliveAfterSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, KeepAliveIntervalSeconds);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, KeepAliveQuestions);
    }

    /// <summary>How long a read or a write may wait for a byte.</summary>
    public static void SetTimeouts(Socket socket, TimeSpan deadline) =>
        socket.SendTimeout = socket.ReceiveTimeout = (int)Math.Min(int.MaxValue, Math.Ceiling(deadline.TotalMilliseconds));

    /// <summary>Where a connection comes from, for a log.</summary>
    public static string RemoteName(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "an unknown address";
        }
        catch (SocketException)
        {
            return "an address that is gone";
        }
    }

    /// <summary>Ends a connection that another thread may be using, and that may already have ended.</summary>
    public static void Shutdown(Socket socket, SocketShutdown how)
    {
        try
        {
            socket.Shutdown(how);
        }
        catch (SocketException)
        {
            // It was not connected any more.
        }
        catch (ObjectDisposedException)
        {
            // Its own thread was quicker.
        }
    }
}
