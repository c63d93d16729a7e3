using System.Diagnostics;
using DistNet.Actors;
using DistNet.Neural;

namespace DistNet;

/// <summary>The processes of a cluster on this machine: a coordinator, workers and parameter servers.</summary>
internal sealed class LocalNodes : IDisposable
{
    private const string CoordinatorName = "coordinator";

    // A node that ends as often as this in a minute will not do better the next time.
    private const int MostEnds = 10;
    private static readonly TimeSpan EndsWithin = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(60);

    private readonly string _secret = NodeSecret.Create();
    private readonly Dictionary<NodeProcess, string[]> _processes = [];
    private readonly Dictionary<string, Queue<long>> _ends = [];
    private readonly NodeLog _log;
    private readonly Action<string> _notify;
    private readonly string[] _data;
    private readonly string _runs;
    private readonly string[] _transport;

    // The cluster is this session's alone, and so are its orders: whoever starts the next one says himself what it is to train.
    private readonly string _orders;

    private LocalNodes(EngineSettings settings, DataRequest data, RunFolder run, Action<string> notify)
    {
        var folder = Directory.CreateDirectory(Path.Combine(run.Path, "nodes")).FullName;
        (_log, _notify) = (new NodeLog(folder), notify);
        _transport = settings.SharesMemory ? [] : ["--tcp"];
        _data = TrainingDataOptions.Repeat(data);
        _runs = Path.GetDirectoryName(Path.GetFullPath(run.Path))!;
        _orders = Path.Combine(folder, $"orders-{Path.GetRandomFileName()}.db");
    }

    /// <summary>HOST:PORT of the coordinator; its successors have the same.</summary>
    public string Coordinator { get; private set; } = "";

    /// <summary>All of them.</summary>
    public IEnumerable<string> Names => _processes.Keys.Select(node => node.Name);

    /// <summary>The process of that name, or null if it has ended.</summary>
    public NodeProcess? Named(string name) => _processes.Keys.FirstOrDefault(node => node.Name == name && !node.HasExited);

    /// <summary>Starts them all on loopback, with free ports.</summary>
    /// <exception cref="IOException">The coordinator ended before it listened, or did not listen within a minute.</exception>
    public static async Task<LocalNodes> StartAsync(
        EngineSettings settings, DataRequest data, RunFolder run, Action<string> notify, CancellationToken stop)
    {
        var nodes = new LocalNodes(settings, data, run, notify);
        try
        {
            await nodes.StartAsync(settings, stop).ConfigureAwait(false);
            return nodes;
        }
        catch
        {
            nodes.Dispose();
            throw;
        }
    }

    /// <summary>Starts those again that have ended.</summary>
    /// <exception cref="IOException">One ends again and again.</exception>
    public async Task ReviveAsync(CancellationToken over)
    {
        foreach (var dead in _processes.Keys.Where(node => node.HasExited).ToArray())
        {
            var end = $"{dead.Name} ended with code {dead.ExitCode} ({_log.LastOf(dead.Name)})";
            if (EndsTooOften(dead.Name)) throw new IOException($"{end}, {MostEnds} times within {EndsWithin.TotalSeconds:0} seconds");
            _notify($"{end} and is started again");
            if (dead.Name == CoordinatorName)
            {
                await FoundAnewAsync(over).ConfigureAwait(false);
                return;
            }

            var arguments = _processes[dead];
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
        _processes.Clear();
        foreach (var file in Directory.EnumerateFiles(Path.GetDirectoryName(_orders)!, Path.GetFileName(_orders) + "*")) File.Delete(file);
    }

    private async Task StartAsync(EngineSettings settings, CancellationToken stop)
    {
        Coordinator = await ListensAsync(Add(CoordinatorName, CoordinatorAt("0")), stop).ConfigureAwait(false);
        for (var i = 0; i < settings.ParameterServers; i++)
            Start($"parameter-server-{i}", NodeRole.ParameterServer, 1);
        var workers = settings.Nodes - settings.ParameterServers;
        var roles = settings.ParameterServers > 0 ? NodeRole.Worker : $"{NodeRole.Worker},{NodeRole.ParameterServer}";
        for (var i = 0; i < workers; i++)
            Start($"worker-{i}", roles, settings.Workers / workers);
    }

    private async Task<string> ListensAsync(NodeProcess node, CancellationToken stop)
    {
        try
        {
            return await node.Address.WaitAsync(StartDeadline, stop).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new IOException($"node {node.Name} did not listen within {StartDeadline.TotalSeconds:0} seconds; {_log.LastOf(node.Name)}");
        }
    }

    // The coordinator has founded the cluster. Its successor could join those that are left, but while the two find each other either may
    // think that it is alone. All go back to the checkpoint in any case, so the others begin anew with it, when it is there to be joined.
    private async Task FoundAnewAsync(CancellationToken over)
    {
        var others = _processes.Where(entry => entry.Key.Name != CoordinatorName).Select(entry => (entry.Key.Name, Arguments: entry.Value)).ToArray();
        foreach (var node in _processes.Keys) node.Kill();
        foreach (var node in _processes.Keys) node.Dispose();
        _processes.Clear();
        var address = Add(CoordinatorName, CoordinatorAt(Coordinator.Split(':')[1])).Address;
        await ((Task)address).WaitAsync(StartDeadline, over).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // whether it has failed shows in the next round
        foreach (var (name, arguments) in others) Add(name, arguments);
    }

    private string[] CoordinatorAt(string port) =>
        ["--roles", NodeRole.Coordinator, "--port", port, "--tensor-port", "0", .. _data, "--runs", _runs, "--orders", _orders];

    private void Start(string name, string roles, int slots) => Add(
        name, ["--roles", roles, "--join", Coordinator, "--port", "0", "--tensor-port", "0", "--slots", $"{slots}", .. _data, .. _transport]);

    private NodeProcess Add(string name, string[] arguments)
    {
        var node = NodeProcess.Start(name, arguments, _secret, _log);
        _processes.Add(node, arguments);
        return node;
    }

    private bool EndsTooOften(string name)
    {
        if (!_ends.TryGetValue(name, out var ends)) _ends.Add(name, ends = new Queue<long>());
        ends.Enqueue(Stopwatch.GetTimestamp());
        while (Stopwatch.GetElapsedTime(ends.Peek()) > EndsWithin) ends.Dequeue();
        return ends.Count >= MostEnds;
    }
}
