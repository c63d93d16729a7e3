using Akka.Actor;
using Akka.Serialization;

namespace DistNet.Actors.Tests;

/// <summary>Bytes that a hostile or broken node sends as a payload of the protocol.</summary>
public sealed record RawPayload(byte[] Bytes);

/// <summary>Sends a <see cref="RawPayload"/>'s bytes as they are, under the protocol's identifier.</summary>
public sealed class RawSerializer(ExtendedActorSystem system) : Serializer(system)
{
    public const string Settings = """
        akka.actor {
          serializers.raw = "DistNet.Actors.Tests.RawSerializer, DistNet.Actors.Tests"
          serialization-bindings { "DistNet.Actors.Tests.RawPayload, DistNet.Actors.Tests" = raw }
        }
        """;

    public override int Identifier => -5;

    public override bool IncludeManifest => false;

    public override byte[] ToBinary(object obj) => ((RawPayload)obj).Bytes;

    public override object FromBinary(byte[] bytes, Type type) => throw new NotSupportedException("Only writes.");
}
