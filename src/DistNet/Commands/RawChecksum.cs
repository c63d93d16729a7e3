using System.IO.Compression;
using System.Security.Cryptography;

namespace DistNet;

/// <summary>SHA-256 of a data file's unpacked content, beside the one the folder's own list names.</summary>
/// <param name="Name">File name without .gz.</param>
/// <param name="Actual">Of the content, lower-case hexadecimal.</param>
/// <param name="Expected">From the list, or null if it is not there or does not name the file.</param>
internal sealed record RawChecksum(string Name, string Actual, string? Expected)
{
    /// <summary>The list, in the form of sha256sum.</summary>
    public const string ListName = "SHA256SUMS.raw";

    /// <summary>Whether the content is what the list says; null if the list does not say.</summary>
    public bool? Matches => Expected is null ? null : Expected == Actual;

    /// <summary>Hashes the IDX files of a folder, each once: the raw one where there are both.</summary>
    public static IReadOnlyList<RawChecksum> OfFolder(string folder)
    {
        var listed = ReadList(Path.Combine(folder, ListName));
        var files = Directory.EnumerateFiles(folder, "*-ubyte*").Where(file => BaseName(file).EndsWith("-ubyte", StringComparison.Ordinal));
        var chosen = files.GroupBy(BaseName).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => group.MinBy(file => file.Length)!);
        return [.. chosen.AsParallel().AsOrdered().Select(file => new RawChecksum(BaseName(file), Hash(file), listed.GetValueOrDefault(BaseName(file))))];
    }

    private static string BaseName(string path) =>
        path.EndsWith(".gz", StringComparison.Ordinal) ? Path.GetFileNameWithoutExtension(path) : Path.GetFileName(path);

    private static Dictionary<string, string> ReadList(string path)
    {
        if (!File.Exists(path)) return [];
        var entries = File.ReadLines(path).Select(line => line.Split((char[]?)null, 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return entries.Where(entry => entry.Length == 2).GroupBy(entry => entry[1].TrimStart('*')).ToDictionary(group => group.Key, group => group.First()[0].ToLowerInvariant());
    }

    private static string Hash(string path)
    {
        using var file = File.OpenRead(path);
        using Stream content = path.EndsWith(".gz", StringComparison.Ordinal) ? new GZipStream(file, CompressionMode.Decompress) : file;
        return Convert.ToHexStringLower(SHA256.HashData(content));
    }
}
