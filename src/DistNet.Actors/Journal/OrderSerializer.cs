using Akka.Actor;
using Akka.Serialization;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Writes order events into the journal, and reads those of older versions of DistNet, as <see cref="LedgerSerializer"/> does for ledgers.</summary>
public sealed class OrderSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every row of a journal.</summary>
    internal const int Id = 7303;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => OrderBytes.Manifest((OrderEvent)o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => OrderBytes.Write((OrderEvent)obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => OrderBytes.Read(bytes, manifest);
}
