using System.Diagnostics;
using System.Runtime.InteropServices;

namespace DistNet;

/// <summary>A node in a process of its own, which ends when this one does: its standard input is a pipe that breaks, and on Linux the system ends it.</summary>
internal sealed partial class NodeProcess : IDisposable
{
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(2);

    private readonly Process _process;
    private readonly NodeLog _log;
    private readonly TaskCompletionSource<string> _address = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile bool _isDisposed;

    private NodeProcess(Process process, NodeLog log, string name) => (_process, _log, Name) = (process, log, name);

    /// <summary>coordinator, worker-0, ...</summary>
    public string Name { get; }

    /// <summary>The process.</summary>
    public int Id => _process.Id;

    /// <summary>Whether it has ended.</summary>
    public bool HasExited => _process.HasExited;

    /// <summary>Its exit code, once it has ended.</summary>
    public int ExitCode => _process.ExitCode;

    /// <summary>HOST:PORT to join or to speak to; fails when the process ends before it listens.</summary>
    public Task<string> Address => _address.Task;

    /// <summary>Starts this program as a node.</summary>
    /// <param name="name">Names the log.</param>
    /// <param name="arguments">Of `distnet node`.</param>
    /// <param name="secret">The cluster's.</param>
    /// <param name="log">Takes what it says.</param>
    public static NodeProcess Start(string name, IEnumerable<string> arguments, string secret, NodeLog log)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet") start.ArgumentList.Add(typeof(NodeProcess).Assembly.Location);
        foreach (var argument in arguments.Prepend("node").Append("--ends-with-input")) start.ArgumentList.Add(argument);
        start.Environment[NodeSecret.Variable] = secret;
        var node = new NodeProcess(new Process { StartInfo = start, EnableRaisingEvents = true }, log, name);
        node.Begin();
        return node;
    }

    /// <summary>Ends it at once, as a crash does.</summary>
    public void Kill()
    {
        if (!_process.HasExited) _process.Kill();
    }

    /// <summary>Stops it until <see cref="Continue"/>: it holds its connections, and does nothing.</summary>
    /// <exception cref="PlatformNotSupportedException">The system knows no such signals.</exception>
    public void Pause() => Signal(OperatingSystem.IsLinux() ? 19 : 17); // SIGSTOP

    /// <summary>Lets it go on.</summary>
    /// <exception cref="PlatformNotSupportedException">The system knows no such signals.</exception>
    public void Continue() => Signal(OperatingSystem.IsLinux() ? 18 : 19); // SIGCONT

    /// <summary>Asks it to leave.</summary>
    public void Leave() => _process.StandardInput.Close();

    /// <summary>Waits for it, and ends it if it does not go.</summary>
    public void Dispose()
    {
        if (!_process.WaitForExit(Farewell)) _process.Kill();
        _isDisposed = true;
        _process.Dispose();
    }

    // A process that has ended is past being paused, and its number may be another's.
    private void Signal(int signal)
    {
        if (OperatingSystem.IsWindows()) throw new PlatformNotSupportedException("Processes cannot be paused on Windows.");
        if (!_isDisposed && !_process.HasExited) _ = SendSignal(_process.Id, signal);
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);

    private void Begin()
    {
        _process.OutputDataReceived += (_, line) => Take(line.Data);
        _process.ErrorDataReceived += (_, line) => Take(line.Data);
        // Raised under the lock that Dispose takes first: never of a process that is disposed, and it must wait for nothing.
        _process.Exited += (_, _) => _address.TrySetException(new IOException($"node {Name} ended with code {_process.ExitCode} before it listened; {_log.LastOf(Name)}"));
        ParentDeath.Start(() => _process.Start());
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Take(string? line)
    {
        if (line is null) return;
        _log.Write(Name, line);
        if (line.StartsWith(NodeSession.ReadyPrefix, StringComparison.Ordinal)) _address.TrySetResult(line.Split(' ')[1]);
    }
}
