using System.Net.Sockets;
using Akka.Actor;
using Akka.Configuration;
using DistNet.Actors;

namespace DistNet;

/// <summary>Speaks to a cluster from outside: sends orders, asks how it is going.</summary>
internal sealed class ClusterConnection : IClusterClient, IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly ActorSystem _system;
    private readonly string[] _nodes;
    private int _current; // the node that answered last

    /// <summary>Begins to listen for answers.</summary>
    /// <param name="nodes">HOST:PORT of nodes, any of which may be gone.</param>
    /// <param name="host">The address of this machine by which they can be reached.</param>
    /// <exception cref="IOException">It is not this machine's.</exception>
    public ClusterConnection(IEnumerable<string> nodes, string host)
    {
        _nodes = [.. nodes];
        _system = Create(host);
    }

    /// <inheritdoc/>
    public string Nodes => string.Join(", ", _nodes);

    /// <summary>Asks one node after the other until one answers.</summary>
    /// <typeparam name="T">What the answer is.</typeparam>
    /// <returns>Null if none did.</returns>
    public async Task<T?> AskAsync<T>(object question, CancellationToken cancellationToken)
        where T : class
    {
        for (var tried = 0; tried < _nodes.Length && !cancellationToken.IsCancellationRequested; tried++)
        {
            try
            {
                return await Node().Ask<T>(question, Patience, cancellationToken).ConfigureAwait(false);
            }
            catch (AskTimeoutException)
            {
                _current = (_current + 1) % _nodes.Length;
            }
        }

        return null;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _system.Terminate().ConfigureAwait(false);

    private static ActorSystem Create(string host)
    {
        try
        {
            return ActorSystem.Create("distnet-client", Configuration(host));
        }
        catch (Exception failure) when (failure.GetBaseException().GetBaseException() is SocketException fault)
        {
            throw new IOException($"the cluster's answers cannot be listened for at {host}: {fault.Message}; name an address of this machine with --host", fault);
        }
    }

    private ActorSelection Node() =>
        _system.ActorSelection($"akka.tcp://{ClusterNode.SystemName}@{_nodes[_current]}/user/{ClusterNode.AgentName}");

    private static Config Configuration(string host) => ConfigurationFactory.ParseString($$"""
        akka {
          actor.provider = remote
          loglevel = WARNING
          loggers = []
          stdout-loglevel = OFF
          log-dead-letters = off
          scheduler.tick-duration = 20ms # as nodes have it
          remote.dot-netty.tcp { hostname = "{{host}}", port = 0 }
          remote.retry-gate-closed-for = 500ms
          coordinated-shutdown.run-by-clr-shutdown-hook = off
        }
        """).WithFallback(SerializationConfiguration.Default);
}
