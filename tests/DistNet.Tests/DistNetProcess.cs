using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistNet.Tests;

/// <summary>The built program as a process of its own.</summary>
internal partial class DistNetProcess : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>A hang becomes a failure, also on a busy machine.</summary>
    protected static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];

    /// <summary>Starts the program.</summary>
    protected DistNetProcess(string[] arguments)
        : this(Started("dotnet", Program(arguments)))
    {
    }

    private DistNetProcess(Process process)
    {
        _process = process;
        _error = process.StandardError.ReadToEndAsync();
    }

    /// <summary>Its number among the system's processes.</summary>
    public int Id => _process.Id;

    /// <summary>Starts the program.</summary>
    public static DistNetProcess Start(string[] arguments, string? directory = null, params (string Name, string Value)[] environment) =>
        new(Started("dotnet", Program(arguments), directory, environment));

    /// <summary>Runs another program to its end.</summary>
    public static async Task<Outcome> RunOther(string program, string[] arguments, string? directory = null)
    {
        using var process = new DistNetProcess(Started(program, arguments, directory));
        return await process.End();
    }

    private static string[] Program(string[] arguments) => [Path.Combine(AppContext.BaseDirectory, "distnet.dll"), .. arguments];

    private static Process Started(string program, string[] arguments, string? directory = null, params (string Name, string Value)[] environment)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = directory ?? "",
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        return Process.Start(start)!;
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
    public void Signal(int signal) => Assert.Equal(0, SendSignal(Id, signal));

    /// <summary>Waits for the end.</summary>
    public Task<Outcome> End() => End(Deadline);

    /// <summary>Waits for the end of a run that takes longer than others.</summary>
    public virtual async Task<Outcome> End(TimeSpan within)
    {
        var rest = _process.StandardOutput.ReadToEndAsync();
        try
        {
            await Task.WhenAll(rest, _process.WaitForExitAsync()).WaitAsync(within);
        }
        catch (TimeoutException)
        {
            _process.Kill();
            throw new TimeoutException($"The program did not end within {within}. It said: {Lines}{await rest} {await _error}");
        }

        return new Outcome(_process.ExitCode, Lines + await rest, await _error);
    }

    private string Lines => string.Concat(_lines.Select(line => line + '\n'));

    public virtual void Dispose()
    {
        if (!_process.HasExited) _process.Kill();
        _process.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    protected static partial int SendSignal(int process, int signal);
}
