using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>The processes of a cluster on this machine: a coordinator, workers and parameter servers.</summary>
internal sealed class LocalNodes : IDisposable
{
    private readonly string _secret = NodeSecret.Create();
    private readonly Dictionary<NodeProcess, string[]> _processes = [];
    private readonly NodeLog _log;
    private readonly TextWriter _error;

    private readonly string _data;

    private LocalNodes(RunFolder run, TextWriter error)
    {
        (_log, _error) = (new NodeLog(Path.Combine(run.Path, "nodes")), error);
        _data = Path.GetFullPath(run.Description.Data.Source!);
    }

    /// <summary>HOST:PORT of the coordinator.</summary>
    public string Coordinator { get; private set; } = "";

    /// <summary>All of them.</summary>
    public IEnumerable<string> Names => _processes.Keys.Select(node => node.Name);

    /// <summary>The process of that name, or null if it has ended.</summary>
    public NodeProcess? Named(string name) => _processes.Keys.FirstOrDefault(node => node.Name == name && !node.HasExited);

    /// <summary>Starts them all on loopback, with free ports.</summary>
    /// <exception cref="IOException">A process ended before it listened.</exception>
    public static async Task<LocalNodes> StartAsync(EngineSettings settings, RunFolder run, TextWriter error)
    {
        var nodes = new LocalNodes(run, error);
        var runs = Path.GetDirectoryName(Path.GetFullPath(run.Path))!;
        nodes.Coordinator = await nodes.StartCoordinator(runs).Address.ConfigureAwait(false);
        for (var i = 0; i < settings.ParameterServers; i++)
            nodes.Start($"parameter-server-{i}", NodeRole.ParameterServer, 1);
        var workers = settings.Nodes - settings.ParameterServers;
        var roles = settings.ParameterServers > 0 ? NodeRole.Worker : $"{NodeRole.Worker},{NodeRole.ParameterServer}";
        for (var i = 0; i < workers; i++)
            nodes.Start($"worker-{i}", roles, settings.Workers / workers);
        return nodes;
    }

    /// <summary>Starts those again that have ended.</summary>
    public void Revive()
    {
        foreach (var (dead, arguments) in _processes.Where(entry => entry.Key.HasExited).ToArray())
        {
            _error.WriteLine($"{dead.Name} ended with code {dead.ExitCode} ({_log.LastOf(dead.Name)}) and is started again");
            _processes.Remove(dead);
            dead.Dispose();
            Add(dead.Name, arguments);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var node in _processes.Keys) node.Leave();
        foreach (var node in _processes.Keys) node.Dispose();
    }

    private NodeProcess StartCoordinator(string runs) =>
        Add("coordinator", ["--roles", NodeRole.Coordinator, "--port", "0", "--tensor-port", "0", "--data", _data, "--runs", runs]);

    private void Start(string name, string roles, int slots) => Add(
        name, ["--roles", roles, "--join", Coordinator, "--port", "0", "--tensor-port", "0", "--slots", $"{slots}", "--data", _data]);

    private NodeProcess Add(string name, string[] arguments)
    {
        var node = NodeProcess.Start(name, arguments, _secret, _log);
        _processes.Add(node, arguments);
        return node;
    }
}
