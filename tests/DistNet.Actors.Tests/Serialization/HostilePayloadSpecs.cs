using DistNet.Neural;
using DistNet.Protocol;

namespace DistNet.Actors.Tests;

public class HostilePayloadSpecs
{
    public static TheoryData<Type> Messages => Example.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_payload_with_a_bit_flipped_is_refused_or_another_message_of_the_protocol(Type message)
    {
        byte[] payload = Payloads.ReadOnce(Golden.Of(message));
        int refused = Enumerable.Range(0, payload.Length * 8).Count(bit => Payloads.IsRefused(Payloads.Flip(payload, bit)));

        // The manifest at least: any of its bits matters.
        Assert.InRange(refused, 8 * (5 + Payloads.Name(message).Length), payload.Length * 8);
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_payload_with_many_bytes_changed_is_refused_or_another_message_of_the_protocol(Type message)
    {
        byte[] payload = Payloads.ReadOnce(Golden.Of(message));
        Random random = new(20_231_107);
        byte[] telling = [0, 1, 7, 8, 9, 16, 250, 251, 252, 253, 254, 255];
        for (int i = 0; i < 2_000; i++)
        {
            byte[] changed = [.. payload];
            for (int changes = random.Next(1, 5); changes > 0; changes--)
                changed[random.Next(changed.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : telling[random.Next(telling.Length)];
            if (!changed.SequenceEqual(payload))
                Payloads.IsRefused(changed);
        }
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_payload_that_is_cut_off_is_refused_at_every_length(Type message)
    {
        byte[] payload = Payloads.ReadOnce(Golden.Of(message));
        for (int length = 0; length < payload.Length; length++)
            Assert.True(Payloads.IsRefused(payload[..length]), $"{length} of {payload.Length} bytes were read.");
    }

    [Theory]
    [MemberData(nameof(Messages))]
    public void A_payload_that_goes_on_after_its_message_is_refused(Type message) =>
        Assert.Contains("expected the end", Payloads.Refusal([.. Golden.Of(message), 0]), StringComparison.Ordinal);

    [Fact]
    public void Bytes_by_chance_are_refused()
    {
        Random random = new(7);
        for (int i = 0; i < 10_000; i++)
        {
            byte[] payload = new byte[random.Next(300)];
            random.NextBytes(payload);
            Assert.True(Payloads.IsRefused(payload));
        }
    }

    [Theory]
    [InlineData("System.Diagnostics.Process, System.Diagnostics.Process")]
    [InlineData("System.Diagnostics.ProcessStartInfo, System.Diagnostics.Process")]
    [InlineData("System.IO.FileInfo, System.Private.CoreLib,%core%")]
    [InlineData("System.IO.FileInfo, mscorlib,%core%")]
    [InlineData("System.Exception, System.Private.CoreLib,%core%")]
    [InlineData("System.Object, System.Private.CoreLib,%core%")]
    [InlineData("System.String, System.Private.CoreLib,%core%")]
    [InlineData("System.Delegate, System.Private.CoreLib,%core%")]
    [InlineData("System.RuntimeType, System.Private.CoreLib,%core%")]
    [InlineData("System.Windows.Data.ObjectDataProvider, PresentationFramework")]
    [InlineData("System.Collections.Generic.List`1[[DistNet.Actors.RegisterWorker, DistNet.Actors]], System.Private.CoreLib,%core%")]
    [InlineData("System.Collections.Generic.SortedSet`1[[System.String, System.Private.CoreLib,%core%]], System.Collections")]
    [InlineData("DistNet.Actors.RegisterWorker[], DistNet.Actors")]
    [InlineData("DistNet.Actors.RegisterWorker, DistNet.Actors, Version=0.1.0.0, Culture=neutral, PublicKeyToken=null")]
    [InlineData("DistNet.Actors.RegisterWorker, /tmp/DistNet.Actors")]
    [InlineData("distnet.actors.registerworker, distnet.actors")]
    [InlineData("")]
    public void A_type_that_is_no_message_is_refused_by_its_name(string type)
    {
        foreach (int size in new[] { 0, 1, 4, 100 })
            Assert.Contains("no message of the protocol", Payloads.Refusal(Payloads.Naming(type, new byte[size])), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(Generation))]
    [InlineData(typeof(LossStatistics))]
    [InlineData(typeof(PushGradientSum))]
    [InlineData(typeof(ShardSnapshot))]
    [InlineData(typeof(ActorTrainerOptions))]
    [InlineData(typeof(Coordinator))]
    [InlineData(typeof(Checkpoint))]
    [InlineData(typeof(Unmarked))]
    [InlineData(typeof(Stranger))]
    public void A_type_of_DistNets_that_is_no_message_is_refused(Type type) =>
        Assert.Contains("no message of the protocol", Payloads.Refusal(Payloads.Naming(Payloads.Name(type), new byte[64])), StringComparison.Ordinal);

    [Fact]
    public void A_name_is_not_looked_up_before_it_is_refused()
    {
        List<string> asked = [];
        ResolveEventHandler resolve = (_, name) =>
        {
            lock (asked)
                asked.Add(name.Name);
            return null;
        };
        AppDomain.CurrentDomain.AssemblyResolve += resolve;
        Payloads.Refusal(Payloads.Naming("Anything.At.All, AssemblyNamedByThePayload"));
        AppDomain.CurrentDomain.AssemblyResolve -= resolve;

        Assert.DoesNotContain(asked, name => name.Contains("AssemblyNamedByThePayload", StringComparison.Ordinal));
    }

    [Fact]
    public void What_a_payload_calls_itself_cannot_forge_or_flood_a_log()
    {
        string refusal = Payloads.Refusal(Payloads.Naming("a\n[ERROR] forged\r\u001b[2J" + new string('x', 10_000)));

        Assert.DoesNotContain(refusal, char.IsControl);
        Assert.InRange(refusal.Length, 0, 500);
    }

    [Theory]
    [InlineData(int.MaxValue)]
    [InlineData(int.MaxValue - 64)]
    [InlineData(1 << 24)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void A_length_that_the_payload_does_not_hold_is_refused_before_anything_is_allocated(int length)
    {
        byte[] bytes = BitConverter.GetBytes(length);
        byte[] payload = Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), ["a", "b"]));
        byte[] name = payload[..(5 + Payloads.Name(typeof(OpenShardGeneration)).Length)];

        Payloads.Refusal([255, .. bytes, .. payload[5..]]); // the length of a type's name
        Payloads.Refusal([.. payload[..^8], .. bytes, .. payload[^4..]]); // an array's
        Payloads.Refusal([.. payload[..^4], 255, .. bytes, .. "aa"u8]); // a string's
        Payloads.Refusal([.. name, 255, .. bytes]); // of a field's type
        Payloads.Refusal([.. name, 9, .. bytes]); // of bytes where a record is due
        Payloads.Refusal([.. name, 252, 8, .. bytes]); // of numbers where a record is due
    }

    [Fact]
    public void A_payload_that_nests_without_end_is_refused_at_its_first_step()
    {
        // Where the addresses of the workers are due: the same message again, with itself where the addresses are due.
        byte[] payload = Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), []));
        byte[] untilWorkers = payload[..^6];
        byte[] again = [254, 0, 0, 254, 1, 0, 1, 0, 0, 0];
        byte[] nested = [.. untilWorkers, .. Enumerable.Repeat(again, 6_000).SelectMany(bytes => bytes)];

        Assert.Contains("expected a System.String[]", Payloads.Refusal(nested), StringComparison.Ordinal);
    }

    [Fact]
    public void Another_type_of_the_protocol_in_a_fields_place_is_refused()
    {
        byte[] payload = Payloads.Write(new HoldShard(new Generation(1)));
        byte[] begun = Payloads.Write(new ShardHeld(new Generation(1), 2, 3))[..(5 + Payloads.Name(typeof(ShardHeld)).Length)];

        Assert.Contains("expected a DistNet.Protocol.Generation", Payloads.Refusal([.. begun, .. payload]), StringComparison.Ordinal);
    }

    [Fact]
    public void Null_where_it_is_not_declared_is_refused()
    {
        byte[] payload = Payloads.Write(new OpenShardGeneration(new Generation(1), new Generation(1), ["a"]));

        Assert.Contains("found null", Payloads.Refusal([.. payload[..^2], 0]), StringComparison.Ordinal);
        Payloads.Refusal([.. payload[..^8], 0]);
    }

    [Fact]
    public void A_payload_that_is_larger_than_allowed_is_refused_unread()
    {
        byte[] payload = Payloads.Write(Example.Of(typeof(StepRefused)));
        HyperionSerializer limited = Payloads.For(ProtocolTypes.All, payload.Length - 1);

        Assert.Contains("larger than", Assert.Throws<PayloadRefusedException>(() => limited.FromBinary(payload, null!)).Message, StringComparison.Ordinal);
        Assert.Contains("larger than", Payloads.Refusal(new byte[64 * 1024 + 1]), StringComparison.Ordinal);
    }

    [Fact]
    public void A_text_that_is_no_UTF8_is_refused()
    {
        byte[] payload = Payloads.Write(new StepRefused(new Generation(1), 1, "tensor", "worker"));
        payload[^1] = 0xC3;

        Assert.Contains("UTF-8", Payloads.Refusal(payload), StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_that_an_enum_does_not_have_is_refused()
    {
        HyperionSerializer serializer = Payloads.For(ProtocolTypes.Of(typeof(Coloured)));
        byte[] payload = serializer.ToBinary(new Coloured(Colour.Green, true));
        Assert.Equal(new Coloured(Colour.Green, true), serializer.FromBinary(payload, null!));

        payload[^5] = 3;
        Assert.Throws<PayloadRefusedException>(() => serializer.FromBinary(payload, null!));
        payload[^5] = 4;
        payload[^1] = 2;
        Assert.Throws<PayloadRefusedException>(() => serializer.FromBinary(payload, null!));
        payload[^1] = 0;
        Assert.Equal(new Coloured(Colour.Blue, false), serializer.FromBinary(payload, null!));
    }

    [Fact]
    public void A_key_that_is_in_a_dictionary_twice_is_refused()
    {
        HyperionSerializer serializer = Payloads.For(ProtocolTypes.Of(typeof(Counted)));
        byte[] payload = serializer.ToBinary(new Counted(new Dictionary<string, int> { ["a"] = 1, ["b"] = 2 }));
        payload[payload.AsSpan().LastIndexOf((byte)'b')] = (byte)'a';

        Assert.Throws<PayloadRefusedException>(() => serializer.FromBinary(payload, null!));
    }

    [Fact]
    public void What_the_check_lets_through_is_what_the_writer_writes_for_every_kind_of_property()
    {
        HyperionSerializer serializer = Payloads.For(ProtocolTypes.Of(typeof(EveryKind)));
        byte[] payload = serializer.ToBinary(Example.Of(typeof(EveryKind)));
        for (int bit = 0; bit < payload.Length * 8; bit++)
        {
            byte[] flipped = Payloads.Flip(payload, bit);
            try
            {
                Assert.Equal(flipped, serializer.ToBinary(serializer.FromBinary(flipped, null!)));
            }
            catch (PayloadRefusedException)
            {
                // The other answer that is right.
            }
        }
    }
}

/// <summary>Ends with an enum's number and a Boolean.</summary>
public sealed record Coloured(Colour Colour, bool Flag) : IProtocolMessage;

/// <summary>Holds a dictionary.</summary>
public sealed record Counted(IReadOnlyDictionary<string, int> Counts) : IProtocolMessage;
