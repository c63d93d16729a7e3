using System.Runtime.Serialization;
using Akka.Actor;
using Akka.Configuration;
using DistNet.Protocol;
using Hyperion;
using Serializer = Akka.Serialization.Serializer;

namespace DistNet.Actors;

/// <summary>Carries the protocol's messages through Hyperion: identifier, manifest and bytes as Akka.Serialization.Hyperion has them.</summary>
/// <remarks>
/// A payload reaches Hyperion only when it has been checked from its first byte to its last against the message that it names. So nothing is
/// allocated, loaded or called for a payload that is no message, however it came about.
/// </remarks>
public sealed class HyperionSerializer : Serializer
{
    private readonly HyperionSerializerSettings _settings;
    private readonly ProtocolTypes _types;
    private readonly Hyperion.Serializer _hyperion;

    /// <summary>With the settings' defaults.</summary>
    public HyperionSerializer(ExtendedActorSystem system)
        : this(system, HyperionSerializerSettings.Default, ProtocolTypes.All)
    {
    }

    /// <summary>With the settings at <see cref="HyperionSerializerSettings.Path"/>; Akka looks for this constructor.</summary>
    /// <exception cref="ConfigurationException">A setting asks for what this serializer refuses to do.</exception>
    public HyperionSerializer(ExtendedActorSystem system, Config config)
        : this(system, HyperionSerializerSettings.Create(config), ProtocolTypes.All)
    {
    }

    /// <summary>For other messages than the protocol's.</summary>
    internal HyperionSerializer(ExtendedActorSystem system, HyperionSerializerSettings settings, ProtocolTypes types)
        : base(system)
    {
        (_settings, _types) = (settings, types);
        _hyperion = new Hyperion.Serializer(new SerializerOptions(
            versionTolerance: false,
            preserveObjectReferences: false,
            surrogates: [],
            serializerFactories: [new CollectionSerializerFactory()],
            knownTypes: [],
            ignoreISerializable: true,
            packageNameOverrides: [],
            disallowUnsafeTypes: true,
            typeFilter: new ProtocolTypeFilter(types)));
    }

    /// <inheritdoc/>
    public override int Identifier => -5;

    /// <inheritdoc/>
    public override bool IncludeManifest => false;

    /// <summary>Writes a message of the protocol.</summary>
    /// <exception cref="PayloadRefusedException">
    /// It is none, is larger than allowed, or holds what its reader would refuse, such as null where it is not declared.
    /// </exception>
    public override byte[] ToBinary(object obj)
    {
        ArgumentNullException.ThrowIfNull(obj);
        if (obj is not IProtocolMessage || !_types.Allowed.Contains(obj.GetType()))
            throw new PayloadRefusedException($"A {obj.GetType()} is no message of the protocol.");
        using MemoryStream stream = new();
        _hyperion.Serialize(obj, stream);
        byte[] payload = stream.ToArray();
        Check(payload);
        return payload;
    }

    /// <summary>Reads a message of the protocol.</summary>
    /// <param name="bytes">The payload, whole.</param>
    /// <param name="type">Not used: the payload names its type.</param>
    /// <exception cref="PayloadRefusedException">It is not one message of the protocol, whole, and nothing more.</exception>
    public override object FromBinary(byte[] bytes, Type type)
    {
        ArgumentNullException.ThrowIfNull(bytes);
        Check(bytes);
        using MemoryStream stream = new(bytes, writable: false);
        try
        {
            return _hyperion.Deserialize(stream);
        }
        catch (SerializationException reason)
        {
            // What a check of the form cannot see, such as a key that is in a dictionary twice.
            throw new PayloadRefusedException($"A payload of {bytes.Length} bytes is no message of the protocol: {reason.Message}", reason);
        }
    }

    private void Check(byte[] payload)
    {
        if (payload.Length > _settings.MaximumPayloadSizeBytes)
            throw new PayloadRefusedException($"A payload of {payload.Length} bytes is larger than the {_settings.MaximumPayloadSizeBytes} allowed.");
        _types.Check(payload);
    }
}
