using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace DistNet.Tests.Cluster;

/// <summary>`distnet train --nodes N` as a user starts it, its node processes, and ways to harm them.</summary>
internal sealed partial class ClusterRun : IDisposable
{
    public const int Interrupt = 2;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>A hang becomes a failure.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly Process _process;
    private readonly Task<string> _error;
    private readonly List<string> _lines = [];
    private readonly HashSet<int> _seen = [];

    private ClusterRun(Process process) => (_process, _error) = (process, process.StandardError.ReadToEndAsync());

    public static ClusterRun Start(params string[] arguments) => new(Process.Start(
        new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "distnet.dll"), .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true })!);

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

    /// <summary>The processes of nodes with these roles, oldest first.</summary>
    public int[] Nodes(string roles = "")
    {
        var nodes = Children().Where(child => child.Arguments.Contains($" node --roles {roles}", StringComparison.Ordinal)).Select(child => child.Id).Order().ToArray();
        _seen.UnionWith(nodes);
        return nodes;
    }

    /// <summary>Waits until so many nodes are there.</summary>
    public async Task HasNodes(int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (Nodes().Length < count && !_process.HasExited) await Task.Delay(10, deadline.Token);
    }

    public static void Send(int signal, params int[] processes)
    {
        foreach (var process in processes) Assert.Equal(0, SendSignal(process, signal));
    }

    /// <summary>As Ctrl-C in a terminal: to every process of the group.</summary>
    public void InterruptAll() => Send(Interrupt, [.. Nodes(), _process.Id]);

    public void SendToParent(int signal) => Send(signal, _process.Id);

    /// <summary>Waits for the end; no node may be left then.</summary>
    public Task<Outcome> End() => End(Deadline);

    /// <summary>Waits for the end of a run that takes longer than others.</summary>
    public async Task<Outcome> End(TimeSpan within)
    {
        Nodes();
        using var deadline = new CancellationTokenSource(within);
        var rest = await _process.StandardOutput.ReadToEndAsync(deadline.Token);
        await _process.WaitForExitAsync(deadline.Token);
        return new Outcome(_process.ExitCode, string.Concat(_lines.Select(line => line + '\n')) + rest, await _error);
    }

    /// <summary>Waits until every node that was seen is gone.</summary>
    public async Task NobodyIsLeft()
    {
        Assert.NotEmpty(_seen);
        using var deadline = new CancellationTokenSource(Deadline);
        while (_seen.Any(IsAlive)) await Task.Delay(10, deadline.Token);
    }

    public void Dispose()
    {
        var nodes = _process.HasExited ? [] : Nodes();
        if (!_process.HasExited) _process.Kill();
        foreach (var node in nodes.Where(IsAlive)) _ = SendSignal(node, Kill);
        _process.Dispose();
    }

    // A process that has ended and was not waited for yet is a zombie: Z.
    private static bool IsAlive(int process) => Stat(process) is { State: not 'Z' };

    private IEnumerable<(int Id, string Arguments)> Children()
    {
        foreach (var folder in Directory.EnumerateDirectories("/proc").Where(folder => char.IsDigit(Path.GetFileName(folder)[0])))
        {
            var id = int.Parse(Path.GetFileName(folder), CultureInfo.InvariantCulture);
            if (Stat(id) is { State: not 'Z' } stat && stat.Parent == _process.Id && Read($"{folder}/cmdline") is { } arguments)
                yield return (id, arguments.Replace('\0', ' '));
        }
    }

    // "123 (name) S 1 ...": the name may hold anything, blanks and brackets too.
    private static (char State, int Parent)? Stat(int process)
    {
        if (Read($"/proc/{process}/stat") is not { Length: > 0 } text) return null;
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        return (fields[0][0], int.Parse(fields[1], CultureInfo.InvariantCulture));
    }

    // Processes come and go while they are looked at.
    private static string? Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return null;
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    private static partial int SendSignal(int process, int signal);
}
