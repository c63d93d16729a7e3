using System.Security.Cryptography;
using System.Text;

namespace DistNet;

/// <summary>What all nodes of a cluster know and nobody else: the content of a file or of a variable, without white space around it.</summary>
internal static class NodeSecret
{
    /// <summary>The variable by which a parent process hands its children a secret: the same text as in a file, and the same bytes.</summary>
    public const string Variable = "DISTNET_SECRET";

    private const int Bytes = 32;

    /// <summary>A new one, in hexadecimal.</summary>
    public static string Create() => Convert.ToHexString(RandomNumberGenerator.GetBytes(Bytes));

    /// <summary>The secret from a file, else from the variable.</summary>
    /// <exception cref="UsageException">There is neither, or it is too short.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public static byte[] Read(string? file)
    {
        if (file is not null) return Trimmed(File.ReadAllBytes(file), $"'{file}'");
        if (Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } secret) return Trimmed(Encoding.UTF8.GetBytes(secret), $"the variable {Variable}");
        throw new UsageException($"a node needs the cluster's secret: name its file with --secret-file (make one with 'openssl rand -hex {Bytes}')");
    }

    /// <summary>Makes a file with a new secret that only its owner may read, unless there is one.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static void MakeFile(string file)
    {
        if (File.Exists(file)) return;
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        var temporary = $"{file}.{Environment.ProcessId}";
        using (var writer = new StreamWriter(temporary, options)) writer.WriteLine(Create());
        File.Move(temporary, file); // whole or not at all, for whoever waits for it
    }

    private static byte[] Trimmed(byte[] secret, string place)
    {
        var trimmed = secret.AsSpan().Trim("\r\n \t"u8).ToArray();
        if (trimmed.Length >= 16) return trimmed;
        throw new UsageException($"the secret in {place} has {trimmed.Length} bytes; it needs at least 16 (make one with 'openssl rand -hex {Bytes}')");
    }
}
