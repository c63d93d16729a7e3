using System.Collections;
using Akka.Actor;
using DistNet.Neural;
using DistNet.Protocol;
using Hyperion;

namespace DistNet.Actors.Tests;

public class ProtocolTypesSpecs
{
    [Fact]
    public void Allowed_are_the_marked_types_and_what_they_are_made_of()
    {
        ProtocolTypes types = ProtocolTypes.Of(typeof(StepsReached), typeof(OpenShardGeneration));
        Assert.Equal([typeof(OpenShardGeneration), typeof(StepsReached)], types.Messages);
        Assert.Equal([typeof(StepsReached), typeof(OpenShardGeneration), typeof(Generation), typeof(LossStatistics)], types.Allowed.ToHashSet());
    }

    [Fact]
    public void Parts_of_parts_and_collections_are_allowed_too()
    {
        Type[] parts = [typeof(Part), typeof(Part[]), typeof(Lease), typeof(Lease[]), typeof(Colour), typeof(Colour[]), typeof(TimeSpan)];
        Type[] dictionaries = [typeof(Dictionary<string, Part>), typeof(Dictionary<Lease, int?>), typeof(DictionaryEntry)];
        Assert.Equal([typeof(EveryKind), .. parts, .. dictionaries], ProtocolTypes.Of(typeof(EveryKind)).Allowed.ToHashSet());
    }

    [Theory]
    [InlineData(typeof(Carries<object>))]
    [InlineData(typeof(Carries<IActorRef>))]
    [InlineData(typeof(Carries<Exception>))]
    [InlineData(typeof(Carries<Type>))]
    [InlineData(typeof(Carries<float[]>))]
    [InlineData(typeof(Carries<TensorBuffer>))]
    [InlineData(typeof(Carries<FileInfo>))]
    [InlineData(typeof(Carries<DateTime>))]
    [InlineData(typeof(Carries<List<string>>))]
    [InlineData(typeof(Carries<HashSet<string>>))]
    [InlineData(typeof(Carries<IReadOnlyList<object>>))]
    [InlineData(typeof(Carries<IProtocolMessage>))]
    [InlineData(typeof(Carries<Action>))]
    [InlineData(typeof(Carries<FileAccess>))]
    [InlineData(typeof(Nested))]
    [InlineData(typeof(Open))]
    public void A_message_that_carries_what_it_must_not_is_a_mistake_found_at_the_start(Type message) =>
        Assert.Throws<NotSupportedException>(() => ProtocolTypes.Of(message));

    [Fact]
    public void Names_are_allowed_with_version_and_without()
    {
        ProtocolTypeFilter filter = new(ProtocolTypes.Of(typeof(EveryKind)));
        Assert.All(ProtocolTypes.Of(typeof(EveryKind)).Allowed, type =>
        {
            Assert.True(filter.IsAllowed(type.AssemblyQualifiedName!), type.ToString());
            Assert.True(filter.IsAllowed(WrittenName(type)), type.ToString());
        });
        Assert.False(filter.IsAllowed(typeof(Unmarked).AssemblyQualifiedName!));
        Assert.False(filter.IsAllowed(WrittenName(typeof(Dictionary<string, Unmarked>))));
        Assert.False(filter.IsAllowed(typeof(FileInfo).AssemblyQualifiedName!));
        Assert.False(filter.IsAllowed(typeof(EveryKind).FullName!));
    }

    [Fact]
    public void Hyperions_own_filter_refuses_to_write_what_it_allows_which_is_why_there_is_another()
    {
        ITypeFilter stock = TypeFilterBuilder.Create().Include<RegisterWorker>().Build();
        Assert.ThrowsAny<System.Security.SecurityException>(() => Official(stock).Serialize(new RegisterWorker("akka://a/user/worker"), new MemoryStream()));
    }

    [Fact]
    public void The_filter_alone_refuses_types_outside_the_list()
    {
        Serializer hyperion = Official(new ProtocolTypeFilter(ProtocolTypes.All));
        foreach (Type type in new[] { typeof(FileInfo), typeof(Exception), typeof(Unmarked), typeof(List<string>), typeof(ActorTrainerOptions) })
        {
            Assert.ThrowsAny<System.Security.SecurityException>(() => hyperion.Deserialize(new MemoryStream(Payloads.Naming(WrittenName(type)))));
        }
    }

    public static TheoryData<Type> Messages => Example.Messages;

    [Theory]
    [MemberData(nameof(Messages))]
    public void Bytes_are_those_of_the_official_adapter_with_the_same_settings(Type message)
    {
        Serializer hyperion = Official(new ProtocolTypeFilter(ProtocolTypes.All));
        using MemoryStream written = new();
        hyperion.Serialize(Example.Of(message), written);

        Assert.Equal(Payloads.Write(Example.Of(message)), written.ToArray());
        Assert.Equivalent(Example.Of(message), hyperion.Deserialize(new MemoryStream(Payloads.Write(Example.Of(message)))), strict: true);
    }

    // The options that Akka.Serialization.Hyperion passes on.
    private static Serializer Official(ITypeFilter filter) => new(new SerializerOptions(
        versionTolerance: false,
        preserveObjectReferences: false,
        surrogates: [Surrogate.Create<Akka.Util.ISurrogated, Akka.Util.ISurrogate>(from => from.ToSurrogate(null!), to => to.FromSurrogate(null!))],
        serializerFactories: null,
        knownTypes: [],
        ignoreISerializable: true,
        packageNameOverrides: [],
        disallowUnsafeTypes: true,
        typeFilter: filter));

    private static string WrittenName(Type type)
    {
        using MemoryStream stream = new();
        new Hyperion.ValueSerializers.ObjectSerializer(type).WriteManifest(stream, new Serializer().GetSerializerSession());
        return System.Text.Encoding.UTF8.GetString(stream.ToArray().AsSpan(5));
    }
}

/// <summary>A message with one property.</summary>
public sealed record Carries<T>(T Value) : IProtocolMessage;

/// <summary>A message that contains itself.</summary>
public sealed record Nested(IReadOnlyList<Nested> Inner) : IProtocolMessage;

/// <summary>A message that others can derive from.</summary>
public record Open(int Number) : IProtocolMessage;
