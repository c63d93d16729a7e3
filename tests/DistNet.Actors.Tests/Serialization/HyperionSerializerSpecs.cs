using System.Collections.Immutable;
using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class HyperionSerializerSpecs
{
    // Records that nobody sends.
    private static readonly Type[] NoMessages = [typeof(CoordinatedRun), typeof(ActorTrainerOptions), typeof(JournalSettings), typeof(LedgerSettings), typeof(NodeOptions), typeof(Actors.Transport.LinkLoss), typeof(Actors.Transport.TensorTransportOptions)];

    public static TheoryData<Type> Messages => Example.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_read_as_it_was_written(Type message)
    {
        IProtocolMessage written = Example.Of(message);
        object read = Payloads.Read(Payloads.Write(written));

        Assert.IsType(message, read);
        Assert.Equivalent(written, read, strict: true);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_message_is_written_as_the_bytes_on_file(Type message) =>
        Assert.Equal(Golden.Of(message), Payloads.Write(Example.Of(message)));

    [Theory]
    [MemberData(nameof(Messages))]
    public void The_bytes_on_file_are_read(Type message) =>
        Assert.Equivalent(Example.Of(message), Payloads.Read(Golden.Of(message)), strict: true);

    [Fact]
    public void There_are_no_bytes_on_file_of_messages_that_are_gone() =>
        Assert.Equal(ProtocolTypes.All.Messages.Select(type => type.Name).Order(), Golden.Names.Order());

    [Fact]
    public void Every_record_of_the_actors_is_marked_or_stays_in_its_process()
    {
        IEnumerable<Type> records = typeof(RegisterWorker).Assembly.GetExportedTypes().Where(type => type.GetMethod("<Clone>$") is not null);
        Assert.All(records.Except(NoMessages), type => Assert.True(
            type.IsAssignableTo(typeof(IProtocolMessage)) || type.IsAssignableTo(typeof(Akka.Actor.INoSerializationVerificationNeeded)),
            $"{type} is neither a wire message nor marked as staying in its process."));
    }

    [Fact]
    public void The_identifier_and_the_empty_manifest_are_those_of_the_official_package()
    {
        Assert.Equal(-5, Payloads.Serializer.Identifier);
        Assert.False(Payloads.Serializer.IncludeManifest);
        Assert.Equal(string.Empty, Akka.Serialization.Serialization.ManifestFor(Payloads.Serializer, new RegisterWorker("akka://a/user/worker")));
    }

    [Fact]
    public void Every_kind_of_property_is_read_as_it_was_written()
    {
        HyperionSerializer serializer = Payloads.For(ProtocolTypes.Of(typeof(EveryKind)));
        var written = (EveryKind)Example.Of(typeof(EveryKind));

        Assert.Equivalent(written, serializer.FromBinary(serializer.ToBinary(written), null!), strict: true);
    }

    [Fact]
    public void What_may_be_null_is_read_as_null()
    {
        HyperionSerializer serializer = Payloads.For(ProtocolTypes.Of(typeof(EveryKind)));
        EveryKind written = (EveryKind)Example.Of(typeof(EveryKind)) with
        {
            MaybeText = null,
            MaybeInt = null,
            MaybeLease = null,
            MaybePart = null,
            MaybeTexts = ["a", null, ""],
            ByLease = new Dictionary<Lease, int?> { [new Lease(1, 2)] = null },
        };

        Assert.Equivalent(written, serializer.FromBinary(serializer.ToBinary(written), null!), strict: true);
    }

    [Fact]
    public void Lists_travel_as_arrays_whatever_they_were()
    {
        string[] shards = ["a", "b"];
        IReadOnlyList<string>[] lists = [shards, shards.ToList(), shards.ToImmutableArray(), shards.ToImmutableList(), [.. shards.Select(s => s)]];

        Assert.All(lists, list => Assert.Equal(
            Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), shards)),
            Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), list))));
    }

    [Fact]
    public void A_number_keeps_its_bits()
    {
        foreach (double loss in new[] { double.NaN, double.NegativeInfinity, -0.0, double.Epsilon, BitConverter.Int64BitsToDouble(0x7FF8_0000_0000_1234) })
        {
            var written = new StepsReached(new Generation(1), 0, 1, new LossStatistics(loss, 0, 0));
            var read = (StepsReached)Payloads.Read(Payloads.Write(written));
            Assert.Equal(BitConverter.DoubleToInt64Bits(loss), BitConverter.DoubleToInt64Bits(read.EpochStatistics.LossSum));
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(252)]
    [InlineData(253)]
    [InlineData(254)]
    [InlineData(255)]
    [InlineData(60_000)]
    public void A_text_of_any_length_is_read_as_it_was_written(int length)
    {
        var written = new StepRefused(new Generation(1), 1, new string('x', length), new string('ß', length / 100));
        Assert.Equal(written, Payloads.Read(Payloads.Write(written)));
    }

    [Fact]
    public void What_is_not_marked_is_not_written()
    {
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new Unmarked(1)));
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write("text"));
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new Stranger("marked elsewhere")));
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new Generation(1)));
    }

    [Fact]
    public void Null_where_it_is_not_declared_is_not_written()
    {
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new StepRefused(new Generation(1), 1, null!, "worker")));
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), null!)));
        Assert.Throws<PayloadRefusedException>(() => Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), ["a", null!])));
    }

    [Fact]
    public void A_message_that_is_larger_than_allowed_is_not_written()
    {
        byte[] payload = Payloads.Write(Example.Of(typeof(StepRefused)));
        HyperionSerializer Limited(int size) => Payloads.For(ProtocolTypes.All, size);

        Assert.Equal(payload, Limited(payload.Length).ToBinary(Example.Of(typeof(StepRefused))));
        Assert.Throws<PayloadRefusedException>(() => Limited(payload.Length - 1).ToBinary(Example.Of(typeof(StepRefused))));
    }
}
