using Akka.Actor;
using Akka.Configuration;

namespace DistNet.Actors.Tests;

public class SerializationConfigurationSpecs
{
    [Fact]
    public async Task Every_message_of_the_protocol_is_bound_to_Hyperion()
    {
        using ActorSystem system = ActorSystem.Create("distnet", SerializationConfiguration.Default);
        Assert.All(ProtocolTypes.All.Messages, type => Assert.IsType<HyperionSerializer>(system.Serialization.FindSerializerForType(type)));
        await system.Terminate();
    }

    [Fact]
    public async Task A_type_without_a_binding_has_no_serializer()
    {
        using ActorSystem system = ActorSystem.Create("distnet", SerializationConfiguration.Default);
        Assert.Throws<System.Runtime.Serialization.SerializationException>(() => system.Serialization.FindSerializerFor(new Unmarked(1)));
        await system.Terminate();
    }

    [Theory]
    [InlineData(1, "System.IO.FileInfo, System.Private.CoreLib")]
    [InlineData(3, "")]
    public async Task Serializers_that_would_make_any_type_are_closed_for_reading(int identifier, string manifest)
    {
        const string Remote = "akka { actor.provider = remote, remote.dot-netty.tcp { hostname = \"127.0.0.1\", port = 0 } }";
        using ActorSystem system = ActorSystem.Create("distnet", SerializationConfiguration.Default.WithFallback(Remote));
        byte[] json = """{"$type":"System.IO.FileInfo, System.Private.CoreLib","OriginalPath":"/"}"""u8.ToArray();
        Assert.Throws<PayloadRefusedException>(() => system.Serialization.Deserialize(json, identifier, manifest));
        await system.Terminate();
    }

    [Fact]
    public void A_serializer_that_refuses_needs_an_identifier() =>
        Assert.Throws<ConfigurationException>(() => new RefusingSerializer(null!, Config.Empty));

    [Theory]
    [InlineData("version-tolerance = on")]
    [InlineData("preserve-object-references = on")]
    [InlineData("disallow-unsafe-type = off")]
    [InlineData("""known-types-provider = "Some.Provider" """)]
    [InlineData("""allowed-types = ["System.IO.FileInfo"]""")]
    [InlineData("surrogates = []")]
    [InlineData("maximum-payload-size = 0")]
    [InlineData("maximum-payload-size = 17MiB")]
    public void A_setting_that_would_open_the_serializer_is_refused(string setting) =>
        Assert.Throws<ConfigurationException>(() => HyperionSerializerSettings.Create(setting));

    [Fact]
    public void The_settings_on_file_are_the_defaults()
    {
        Config file = SerializationConfiguration.Default.GetConfig(HyperionSerializerSettings.Path);
        Assert.Equal(HyperionSerializerSettings.Default.MaximumPayloadSizeBytes, HyperionSerializerSettings.Create(file).MaximumPayloadSizeBytes);
        Assert.Equal(1000, HyperionSerializerSettings.Create("maximum-payload-size = 1000").MaximumPayloadSizeBytes);
    }

    [Fact]
    public async Task A_payload_is_found_by_the_official_identifier()
    {
        using ActorSystem system = ActorSystem.Create("distnet", SerializationConfiguration.Default);
        byte[] payload = system.Serialization.Serialize(new RegisterShard(7, "akka://a/user/shard"));
        Assert.Equal(new RegisterShard(7, "akka://a/user/shard"), system.Serialization.Deserialize(payload, -5, string.Empty));
        await system.Terminate();
    }
}
