namespace DistNet.Tests.Cluster;

/// <summary>A cluster as an operator starts it, process by process: a leader, a coordinator that stands
/// by on the same folder of runs, and two other nodes.</summary>
internal sealed class NodeCluster : IDisposable
{
    private const string Secret = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

    /// <summary>A hang becomes a failure, also on a busy machine.</summary>
    private static readonly TimeSpan Deadline = TimeSpan.FromMinutes(3);

    private readonly List<DistNetProcess> _nodes = [];
    private readonly string _data;
    private readonly string[] _journal;

    private NodeCluster(string data, string runs, string[] journal) => (_data, Runs, _journal) = (data, runs, journal);

    public string Runs { get; }

    public DistNetProcess Leader => _nodes[0];

    /// <summary>All but the leader.</summary>
    public IEnumerable<DistNetProcess> Others => _nodes.Skip(1);

    public string LeaderAddress { get; private set; } = "";

    public string StandbyAddress { get; private set; } = "";

    public static async Task<NodeCluster> Start(string data, string runs, params string[] journal)
    {
        var cluster = new NodeCluster(data, runs, journal);
        cluster.LeaderAddress = await cluster.Add("coordinator", ["--runs", runs, .. journal]);
        cluster.StandbyAddress = await cluster.Add("coordinator", ["--runs", runs, .. journal, "--join", cluster.LeaderAddress]);
        await Task.WhenAll(Enumerable.Range(0, 2).Select(_ => cluster.Add(
            "worker,parameter-server", ["--slots", "1", "--join", cluster.LeaderAddress, "--join", cluster.StandbyAddress])).ToArray());
        return cluster;
    }

    /// <summary>Starts one node by itself.</summary>
    public static DistNetProcess Node(string roles, params string[] more) => DistNetProcess.Start(
        ["node", "--roles", roles, "--port", "0", "--tensor-port", "0", .. more], null, ("DISTNET_SECRET", Secret));

    /// <summary>Orders a run, which is followed to its end.</summary>
    public DistNetProcess Submit(params string[] options) => DistNetProcess.Start(
        ["submit", "--cluster", LeaderAddress, "--cluster", StandbyAddress, "--workers", "2", "--parameter-servers", "2", "--wait", .. options]);

    /// <summary>Waits until the standby says that it leads.</summary>
    public Task StandbyLeads() => Says($"node {StandbyAddress}  coordinator, leads");

    /// <summary>Waits until the standby's answer to a question after the cluster's status has a text.</summary>
    public async Task Says(string text)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!(await Workspace.Run("status", "--cluster", StandbyAddress)).Output.Contains(text, StringComparison.Ordinal))
            deadline.Token.ThrowIfCancellationRequested();
    }

    public Task<Outcome> Audit() => Workspace.Run(["audit", "latest", "--runs", Runs, .. _journal]);

    public void Dispose()
    {
        foreach (var node in _nodes) node.Dispose();
    }

    private async Task<string> Add(string roles, string[] more)
    {
        var node = Node(roles, ["--data", _data, .. more]);
        _nodes.Add(node);
        return (await node.LineWith("listening")).Split(' ')[1];
    }
}
