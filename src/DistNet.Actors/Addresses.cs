using Akka.Actor;

namespace DistNet.Actors;

/// <summary>Addresses as the protocol carries them: text that names an actor wherever it lives and, between processes, where its node takes tensors.</summary>
/// <remarks><c>akka.tcp://distnet@host:4053/user/node/.../worker-0#123 host:4054</c>; inside one process without hosts, and without the second half.</remarks>
internal static class Addresses
{
    private const char Separator = ' ';

    /// <summary>The actor's address, one of its incarnation.</summary>
    public static string Address(this IActorRef actor, ActorSystem system) =>
        actor.Path.ToSerializationFormatWithAddress(((ExtendedActorSystem)system).Provider.DefaultAddress);

    /// <summary>The actor at an address.</summary>
    public static IActorRef Resolve(this ActorSystem system, string address) =>
        ((ExtendedActorSystem)system).Provider.ResolveActorRef(PathOf(address));

    /// <summary>How users name a node: <c>host:port</c>.</summary>
    public static string HostAndPort(Address node) => $"{node.Host}:{node.Port}";

    /// <summary>The node that an actor lives on, as <see cref="HostAndPort"/> names it; empty inside one process.</summary>
    public static string NodeOf(string address) =>
        ActorPath.TryParse(PathOf(address), out ActorPath? path) && path.Address.HasGlobalScope ? HostAndPort(path.Address) : "";

    /// <summary>An actor's address, with where its node takes tensors.</summary>
    public static string Join(string path, string tensors) => path + Separator + tensors;

    /// <summary>Where the actor's node takes tensors; empty inside one process.</summary>
    public static string TensorsOf(string address)
    {
        int at = address.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? "" : address[(at + 1)..];
    }

    /// <summary>How users name an actor: <c>worker-0 of host:port</c>; inside one process <c>worker-0</c>.</summary>
    public static string NameOf(string address)
    {
        string path = PathOf(address);
        string name = path[(path.LastIndexOf('/') + 1)..].Split('#')[0];
        return NodeOf(address) is { Length: > 0 } node ? $"{name} of {node}" : name;
    }

    private static string PathOf(string address)
    {
        int at = address.IndexOf(Separator, StringComparison.Ordinal);
        return at < 0 ? address : address[..at];
    }
}
