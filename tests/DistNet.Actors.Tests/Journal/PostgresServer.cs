using System.Diagnostics;

namespace DistNet.Actors.Tests;

/// <summary>A PostgreSQL server of the tests' own: data in a temporary folder, reached by a socket in it, gone afterwards.</summary>
public sealed class PostgresServer : IDisposable
{
    private const string Unprivileged = "nobody"; // the server refuses to run as root

    private readonly string _folder = Directory.CreateTempSubdirectory("distnet-pg-").FullName;

    public PostgresServer()
    {
        if (OperatingSystem.IsWindows() || !IsInstalled)
            return;
        File.SetUnixFileMode(_folder, (UnixFileMode)Convert.ToInt32("777", 8));
        Run($"initdb -D {_folder}/data -U distnet -A trust -E UTF8 --locale=C --no-sync");
        Start();
    }

    /// <summary>Whether this machine can run one.</summary>
    public static bool IsInstalled { get; } = IsOnPath("initdb") && IsOnPath("pg_ctl");

    /// <summary>How to reach it.</summary>
    public string ConnectionString => $"Host={_folder};Username=distnet;Database=postgres;Timeout=5;Pooling=false";

    /// <summary>Starts it again.</summary>
    public void Start() => Run($"pg_ctl -D {_folder}/data -w -s -l {_folder}/server.log -o \"-k {_folder} -h '' -F\" start");

    /// <summary>Stops it without a farewell to its clients.</summary>
    public void Stop() => Run($"pg_ctl -D {_folder}/data -w -s -m immediate stop");

    public void Dispose()
    {
        if (File.Exists(Path.Combine(_folder, "data", "postmaster.pid")))
            Stop();
        Directory.Delete(_folder, recursive: true);
    }

    private static bool IsOnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator).Any(folder => File.Exists(Path.Combine(folder, program)));

    // Output goes to a file: the server would keep a pipe open.
    private void Run(string command)
    {
        string[] arguments = ["sh", "-c", $"{command} >>{_folder}/commands.log 2>&1"];
        if (Environment.IsPrivilegedProcess)
            arguments = ["setpriv", $"--reuid={Unprivileged}", "--clear-groups", "--", .. arguments];
        ProcessStartInfo start = new(arguments[0], arguments[1..]) { WorkingDirectory = _folder };
        using Process process = Process.Start(start)!;
        process.WaitForExit();
        if (process.ExitCode != 0)
            throw new InvalidOperationException($"{command}: {File.ReadAllText(Path.Combine(_folder, "commands.log"))}");
    }
}

/// <summary>A test that needs PostgreSQL. Where it is not installed the test is listed as skipped, with this sentence, and `.ci/run` says so too.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute()
    {
        if (!PostgresServer.IsInstalled)
            Skip = "PostgreSQL is not installed here (initdb and pg_ctl are not on the PATH), so the journal was not tested on a server.";
    }
}
