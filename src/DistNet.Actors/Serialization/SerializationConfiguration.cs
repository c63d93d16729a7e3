using Akka.Configuration;

namespace DistNet.Actors;

/// <summary>The settings in <c>cluster-config/serialization.conf</c>, which is built into this assembly.</summary>
public static class SerializationConfiguration
{
    /// <summary>Binds the protocol's messages to <see cref="HyperionSerializer"/> and closes what would carry others.</summary>
    public static Config Default { get; } =
        ConfigurationFactory.FromResource("DistNet.Actors.serialization.conf", typeof(SerializationConfiguration).Assembly);
}
