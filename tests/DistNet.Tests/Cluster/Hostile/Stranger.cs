using System.Net;
using System.Net.Sockets;

namespace DistNet.Tests.Cluster.Hostile;

/// <summary>A connection of somebody who does not belong to the cluster. Loopback only.</summary>
internal sealed class Stranger : IDisposable
{
    /// <summary>Longer than any node lets a stranger wait.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static int _count;

    // Kernels give ports again and again.
    private readonly int _number = Interlocked.Increment(ref _count);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private Stranger()
    {
    }

    /// <summary>A loopback address that no other stranger has: Akka does not answer at once where it has just lost a node of the same address.</summary>
    public string Host => $"127.1.{_number / 250}.{1 + (_number % 250)}";

    /// <summary>The connection's own port.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <summary>Connects.</summary>
    public static async Task<Stranger> ConnectAsync(int port)
    {
        var stranger = new Stranger();
        using var deadline = new CancellationTokenSource(Patience);
        await stranger._socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, port), deadline.Token);
        return stranger;
    }

    /// <summary>Says something; whether the node still listened.</summary>
    public async Task<bool> SayAsync(ReadOnlyMemory<byte> bytes)
    {
        using var deadline = new CancellationTokenSource(Patience);
        try
        {
            while (!bytes.IsEmpty) bytes = bytes[await _socket.SendAsync(bytes, deadline.Token)..];
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    /// <summary>The next bytes that the node says.</summary>
    /// <exception cref="EndOfStreamException">It closed the connection.</exception>
    /// <exception cref="OperationCanceledException">It says nothing.</exception>
    public async Task<byte[]> ReadAsync(int count)
    {
        var bytes = new byte[count];
        using var deadline = new CancellationTokenSource(Patience);
        for (var read = 0; read < count;)
        {
            var more = await _socket.ReceiveAsync(bytes.AsMemory(read), deadline.Token);
            read += more > 0 ? more : throw new EndOfStreamException("The node closed the connection.");
        }

        return bytes;
    }

    /// <summary>Waits until the node closes the connection.</summary>
    /// <exception cref="OperationCanceledException">It does not.</exception>
    public async Task UntilClosedAsync()
    {
        using var deadline = new CancellationTokenSource(Patience);
        var anything = new byte[4096];
        try
        {
            while (await _socket.ReceiveAsync(anything.AsMemory(), deadline.Token) > 0)
            {
                // What it says before it closes does not matter here.
            }
        }
        catch (SocketException)
        {
            // Closed without farewell.
        }
    }

    /// <summary>Goes away without farewell.</summary>
    public void Dispose()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }
}
