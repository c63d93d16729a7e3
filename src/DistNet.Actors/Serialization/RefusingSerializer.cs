using Akka.Actor;
using Akka.Configuration;
using Akka.Serialization;

namespace DistNet.Actors;

/// <summary>Takes the place, under its identifier, of a serializer of Akka's that would make objects of any type a payload names.</summary>
/// <remarks>
/// Leaving types unregistered closes the writing side only: a payload chooses its serializer by identifier, and Akka's JSON is always there.
/// </remarks>
public sealed class RefusingSerializer : Serializer
{
    /// <summary>Takes the identifier in <c>identifier</c>; Akka looks for this constructor.</summary>
    /// <param name="system">The actor system.</param>
    /// <param name="config">The settings of the serializer whose place this one takes.</param>
    /// <exception cref="ConfigurationException">No identifier is given.</exception>
    public RefusingSerializer(ExtendedActorSystem system, Config config)
        : base(system)
    {
        ArgumentNullException.ThrowIfNull(config);
        if (!config.HasPath("identifier"))
            throw new ConfigurationException("A serializer that refuses needs the identifier of the one that it replaces.");
        Identifier = config.GetInt("identifier");
    }

    /// <inheritdoc/>
    public override int Identifier { get; }

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <summary>Refuses.</summary>
    /// <exception cref="PayloadRefusedException">Always.</exception>
    public override byte[] ToBinary(object obj) => throw new PayloadRefusedException($"A {obj?.GetType()} is not sent: serializer {Identifier} is closed.");

    /// <summary>Refuses, unread.</summary>
    /// <exception cref="PayloadRefusedException">Always.</exception>
    public override object FromBinary(byte[] bytes, Type type) => throw new PayloadRefusedException($"A payload for serializer {Identifier} is not read: it is closed.");
}
