using Akka.Configuration;

namespace DistNet.Actors;

/// <summary>The settings of <see cref="HyperionSerializer"/>, under the keys of Akka.Serialization.Hyperion.</summary>
/// <remarks>Most keys have one legal value here: a payload is checked against what Hyperion writes under these settings and no others.</remarks>
public sealed class HyperionSerializerSettings
{
    /// <summary>Where the settings are.</summary>
    public const string Path = "akka.actor.serialization-settings.hyperion";

    private const long LargestPayloadSizeBytes = 16 * 1024 * 1024;

    private static readonly (string Key, bool Value)[] Fixed =
    [
        ("preserve-object-references", false),
        ("version-tolerance", false),
        ("disallow-unsafe-type", true),
    ];

    private static readonly string[] Absent = ["known-types-provider", "allowed-types", "surrogates", "cross-platform-package-name-overrides"];

    /// <summary>The settings without a configuration.</summary>
    public static HyperionSerializerSettings Default { get; } = new();

    /// <summary>Larger payloads are refused on both sides, unread. From 1 B to 16 MiB, default 64 KiB, which a remoting frame can hold.</summary>
    public int MaximumPayloadSizeBytes { get; init; } = 64 * 1024;

    /// <summary>Reads the settings.</summary>
    /// <param name="config">What is at <see cref="Path"/>.</param>
    /// <exception cref="ConfigurationException">A key asks for what this serializer refuses to do, or a value is out of range.</exception>
    public static HyperionSerializerSettings Create(Config config)
    {
        ArgumentNullException.ThrowIfNull(config);
        foreach ((string key, bool value) in Fixed)
        {
            if (config.GetBoolean(key, value) != value)
                throw new ConfigurationException($"{Path}.{key} must be {(value ? "on" : "off")}: payloads are checked against what Hyperion writes then.");
        }
        foreach (string key in Absent)
        {
            if (config.HasPath(key))
                throw new ConfigurationException($"{Path}.{key} must be left out: the protocol's messages are all that is read or written.");
        }
        long size = config.GetByteSize("maximum-payload-size", Default.MaximumPayloadSizeBytes) ?? Default.MaximumPayloadSizeBytes;
        if (size is < 1 or > LargestPayloadSizeBytes)
            throw new ConfigurationException($"{Path}.maximum-payload-size must be from 1 to {LargestPayloadSizeBytes} bytes, not {size}.");
        return new HyperionSerializerSettings { MaximumPayloadSizeBytes = (int)size };
    }
}
