using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistNet.Tests;

/// <summary>The built program as a process of its own.</summary>
internal sealed partial class DistNetProcess : IDisposable
{
    /// <summary>A hang becomes a failure, also on a busy machine.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];

    private DistNetProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Starts the program.</summary>
    public static DistNetProcess Start(string[] arguments, string? directory = null, params (string Name, string Value)[] environment) =>
        StartOther("dotnet", [Path.Combine(AppContext.BaseDirectory, "distnet.dll"), .. arguments], directory, environment);

    /// <summary>Runs another program to its end.</summary>
    public static async Task<Outcome> RunOther(string program, string[] arguments, string? directory = null)
    {
        using var process = StartOther(program, arguments, directory);
        return await process.End();
    }

    private static DistNetProcess StartOther(string program, string[] arguments, string? directory, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        // These processes live for seconds, most of which compiling everything well at once would take. No bit depends on it.
        (start.Environment["DOTNET_TieredCompilation"], start.Environment["DOTNET_TieredPGO"]) = ("1", "0");
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return new DistNetProcess(Process.Start(start)!);
    }

    /// <summary>Runs the program to its end.</summary>
    public static async Task<Outcome> Run(string[] arguments, string? directory = null, params (string Name, string Value)[] environment)
    {
        using var process = Start(arguments, directory, environment);
        return await process.End();
    }

    /// <summary>Waits for a line on standard output.</summary>
    public async Task<string> LineWith(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (await _process.StandardOutput.ReadLineAsync(deadline.Token) is { } line)
        {
            _lines.Add(line);
            if (line.Contains(text, StringComparison.Ordinal)) return line;
        }

        throw new InvalidOperationException($"The program ended without a line with '{text}': {string.Join('\n', _lines)} {await _error}");
    }

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Sends SIGINT, as Ctrl-C does, or another signal.</summary>
    public void Signal(int signal) => Assert.Equal(0, Kill(_process.Id, signal));

    /// <summary>Waits for the end.</summary>
    public async Task<Outcome> End()
    {
        using var deadline = new CancellationTokenSource(Deadline);
        var rest = await _process.StandardOutput.ReadToEndAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return new Outcome(_process.ExitCode, string.Concat(_lines.Select(line => line + '\n')) + rest, await _error);
    }

    public void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int Kill(int process, int signal);
}
