using System.Globalization;

namespace DistNet.Tests.Cluster;

/// <summary>`distnet train --nodes N` as a user starts it, its node processes, and ways to harm them.</summary>
internal sealed class ClusterRun : DistNetProcess
{
    private const string Secret = "DISTNET_SECRET=";

    // The secret of the run's nodes, which no other process has; empty until one was seen.
    private string _secret = "";

    private ClusterRun(string[] arguments) : base(arguments)
    {
    }

    public static ClusterRun Start(params string[] arguments) => new(arguments);

    /// <summary>The processes of nodes with these roles, oldest first.</summary>
    public int[] Nodes(string roles = "")
    {
        var nodes = Children().Where(child => child.Arguments.Contains($" node --roles {roles}", StringComparison.Ordinal)).Select(child => child.Id).Order().ToArray();
        if (_secret.Length == 0) _secret = nodes.Select(SecretOf).FirstOrDefault(secret => secret is not null) ?? "";
        return nodes;
    }

    /// <summary>Waits until so many nodes are there.</summary>
    public async Task HasNodes(int count)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (Nodes().Length < count && !HasExited) await Task.Delay(10, deadline.Token);
    }

    public static void Send(int signal, params int[] processes)
    {
        foreach (var process in processes) Assert.Equal(0, SendSignal(process, signal));
    }

    /// <summary>As Ctrl-C in a terminal: to every process of the group.</summary>
    public void InterruptAll() => Send(Interrupt, [.. Nodes(), Id]);

    public override Task<Outcome> End(TimeSpan within)
    {
        Nodes();
        return base.End(within);
    }

    /// <summary>Waits until every node of the run is gone, those that were started again as well.</summary>
    public async Task NobodyIsLeft()
    {
        Assert.NotEmpty(_secret);
        using var deadline = new CancellationTokenSource(Deadline);
        while (All().Any(process => SecretOf(process) == _secret && IsAlive(process))) await Task.Delay(10, deadline.Token);
    }

    public override void Dispose()
    {
        var nodes = HasExited ? [] : Nodes();
        base.Dispose();
        foreach (var node in nodes.Where(IsAlive)) _ = SendSignal(node, Kill);
    }

    // A process that has ended and was not waited for yet is a zombie: Z.
    private static bool IsAlive(int process) => Stat(process) is { State: not 'Z' };

    private IEnumerable<(int Id, string Arguments)> Children()
    {
        foreach (var id in All())
        {
            if (Stat(id) is { State: not 'Z' } stat && stat.Parent == Id && Read($"/proc/{id}/cmdline") is { } arguments)
                yield return (id, arguments.Replace('\0', ' '));
        }
    }

    private static IEnumerable<int> All() =>
        Directory.EnumerateDirectories("/proc").Select(Path.GetFileName).Where(name => char.IsDigit(name![0]))
            .Select(name => int.Parse(name!, CultureInfo.InvariantCulture));

    private static string? SecretOf(int process) =>
        Read($"/proc/{process}/environ")?.Split('\0').FirstOrDefault(variable => variable.StartsWith(Secret, StringComparison.Ordinal));

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
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
