using System.Runtime.CompilerServices;

namespace DistNet.Actors.Tests;

/// <summary>The bytes of each message's example, one file a type: <c>Golden/LeaseMicroBatches.hex</c>.</summary>
/// <remarks>With <c>DISTNET_WRITE_GOLDEN=1</c> in the environment the tests write the files instead of reading them.</remarks>
internal static class Golden
{
    public static IEnumerable<string> Names => Directory.GetFiles(Folder()).Select(file => Path.GetFileNameWithoutExtension(file)!);

    public static byte[] Of(Type message)
    {
        string file = Path.Combine(Folder(), message.Name + ".hex");
        if (Environment.GetEnvironmentVariable("DISTNET_WRITE_GOLDEN") == "1")
            Write(file, Payloads.Write(Example.Of(message)));
        Assert.True(File.Exists(file), $"{message.Name} has no golden bytes. Run the tests once with DISTNET_WRITE_GOLDEN=1 and commit {file}.");
        return Convert.FromHexString(string.Concat(File.ReadLines(file)));
    }

    private static void Write(string file, byte[] payload) =>
        File.WriteAllText(file, string.Concat(payload.Chunk(32).Select(line => Convert.ToHexString(line).ToLowerInvariant() + "\n")));

    private static string Folder([CallerFilePath] string here = "") => Path.Combine(Path.GetDirectoryName(here)!, "Golden");
}
