using System.Net;
using System.Net.Sockets;

namespace DistNet.Actors.Tests;

/// <summary>TCP ports for those who have to name one before they listen on it.</summary>
public static class FreePort
{
    /// <summary>One that nobody listens on now, below those that the system gives to who asks for any: so nobody is given it before it is used.</summary>
    public static int Take()
    {
        while (true)
        {
            using TcpListener listener = new(IPAddress.Loopback, Random.Shared.Next(20_000, 30_000));
            try
            {
                listener.Start();
                return ((IPEndPoint)listener.LocalEndpoint).Port;
            }
            catch (SocketException)
            {
                // Somebody has it.
            }
        }
    }
}
