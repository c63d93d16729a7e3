using Akka.Actor;
using Akka.Serialization;
using DistNet.Protocol;

namespace DistNet.Actors;

/// <summary>Writes ledger events into the journal, and reads those of older versions of DistNet.</summary>
/// <remarks>
/// The manifest names kind and version of the layout, such as <c>steps/1</c>; <see cref="LedgerBytes"/> is the layout. A layout once released stays
/// readable: a change gets the next number, and its reader a line beside the old one.
/// </remarks>
public sealed class LedgerSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    /// <summary>Stands in every row of a journal.</summary>
    internal const int Id = 7302;

    /// <inheritdoc/>
    public override int Identifier => Id;

    /// <inheritdoc/>
    public override string Manifest(object o) => LedgerBytes.Manifest((LedgerEvent)o);

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj) => LedgerBytes.Write((LedgerEvent)obj);

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest) => LedgerBytes.Read(bytes, manifest);
}
