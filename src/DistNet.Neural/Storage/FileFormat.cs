using System.Collections.Immutable;
using System.Globalization;

namespace DistNet.Neural;

/// <summary>The metadata fields that say what kind of DistNet file a safetensors file is.</summary>
internal static class FileFormat
{
    private const string KindName = "kind";
    private const string VersionName = "formatVersion";
    private const int Version = 1;

    /// <summary>The fields to write.</summary>
    public static Dictionary<string, string> Metadata(string kind) => new()
    {
        [KindName] = kind,
        [VersionName] = Version.ToString(CultureInfo.InvariantCulture),
    };

    /// <summary>Refuses a file of another kind or version, and one that nothing protects from damage.</summary>
    /// <exception cref="InvalidDataException">See the summary.</exception>
    public static void Check(string path, ImmutableDictionary<string, string> metadata, string kind)
    {
        if (Text(path, metadata, KindName) is var foundKind && foundKind != kind)
            throw FileDamage.Whole(path, $"a DistNet {kind}", $"a {foundKind}", $"name a {kind} file");
        if (Integer(path, metadata, VersionName) is var foundVersion and not Version)
            throw FileDamage.Whole(path, $"format version {Version}", $"{foundVersion}", "read it with the version of DistNet that wrote it");
        _ = Text(path, metadata, SafetensorsWriter.ChecksumName);
    }

    /// <summary>A field that must be there.</summary>
    public static string Text(string path, ImmutableDictionary<string, string> metadata, string name) =>
        metadata.TryGetValue(name, out var text)
            ? text
            : throw FileDamage.Whole(path, $"a metadata field '{name}'", "none", "name a file that DistNet wrote");

    /// <summary>A field that must be a whole number, at least 0.</summary>
    public static long Integer(string path, ImmutableDictionary<string, string> metadata, string name)
    {
        var text = Text(path, metadata, name);
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw FileDamage.Whole(path, $"a whole number as metadata field '{name}'", $"'{text}'", FileDamage.UseEarlier);
    }
}
