using Akka.Actor;

namespace DistNet.Actors;

/// <summary>Addresses as the protocol carries them: text that names an actor wherever it lives.</summary>
internal static class Addresses
{
    /// <summary>The actor's address, one of its incarnation.</summary>
    public static string Address(this IActorRef actor) => actor.Path.ToSerializationFormat();

    /// <summary>The actor at an address.</summary>
    public static IActorRef Resolve(this IActorContext context, string address) =>
        ((ExtendedActorSystem)context.System).Provider.ResolveActorRef(address);
}
