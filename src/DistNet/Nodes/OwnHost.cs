using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>`--host auto`: the address by which other nodes reach this machine.</summary>
internal static class OwnHost
{
    /// <summary>What a user writes for it.</summary>
    public const string Auto = "auto";

    /// <summary>The address of the interface that leads to the first node to join to which a way is known; without nodes, the first that is not
    /// loopback.</summary>
    /// <param name="host">As given; anything but "auto" stays.</param>
    /// <param name="join">HOST:PORT of nodes.</param>
    /// <exception cref="IOException">The names of all nodes are unknown, or there is no interface.</exception>
    public static string Resolve(string host, IReadOnlyList<string> join) =>
        host != Auto ? host : (join.Count > 0 ? TowardsAny(join) : First()).ToString();

    // The name of a container that is down is unknown, and the others are to be reached meanwhile.
    private static IPAddress TowardsAny(IReadOnlyList<string> nodes)
    {
        Exception? first = null;
        foreach (var node in nodes)
        {
            try
            {
                return Towards(TensorAddress.Parse(node));
            }
            catch (Exception fault) when (fault is SocketException or NotSupportedException)
            {
                first ??= fault;
            }
        }

        throw new IOException(
            $"no way leads to {string.Join(" or ", nodes)}: {first!.Message}; check that address, or name this machine's address with --host", first);
    }

    private static IPAddress Towards(TensorAddress node)
    {
        // Nothing is sent: connecting a datagram socket asks the system which way packets would go.
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(node.Host, node.Port);
        return ((IPEndPoint)socket.LocalEndPoint!).Address;
    }

    private static IPAddress First() =>
        NetworkInterface.GetAllNetworkInterfaces()
            .Where(candidate => candidate.OperationalStatus == OperationalStatus.Up && candidate.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(candidate => candidate.GetIPProperties().UnicastAddresses)
            .Select(address => address.Address)
            .FirstOrDefault(address => address.AddressFamily == AddressFamily.InterNetwork)
        ?? throw new IOException("this machine has no network address but loopback; name one with --host");
}
