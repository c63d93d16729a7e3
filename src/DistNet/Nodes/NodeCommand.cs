using System.CommandLine;
using DistNet.Actors;

namespace DistNet;

/// <summary>`distnet node`: one process of a cluster.</summary>
internal sealed class NodeCommand
{
    private const string HealthVariable = "DISTNET_HEALTH_PORT";

    private readonly Option<string> _roles =
        CommandOptions.Text("--roles", "ROLE[,ROLE]", string.Join(',', NodeRole.All), $"What the node does: {string.Join(", ", NodeRole.All)}");
    private readonly Option<string[]> _join = new("--join")
    {
        HelpName = "HOST:PORT[,HOST:PORT]",
        Description = "A node of the cluster to join, usually a coordinator, or several; may be repeated. Without it the node founds a cluster; "
            + "where its own address stands first it does so if none of the others is there",
    };
    private readonly Option<string?> _host = CommandOptions.OptionalText(
        "--host", "NAME",
        "Name or address by which other nodes reach this one; auto takes that of the interface that leads to --join [default: auto with --join, else 127.0.0.1]");
    private readonly Option<int> _port = CommandOptions.Count("--port", "PORT", 0, 4053, "TCP port for messages; 0 takes a free one", maximum: 65535);
    private readonly Option<int> _tensorPort =
        CommandOptions.Count("--tensor-port", "PORT", 0, 4054, "TCP port for tensors; 0 takes a free one", maximum: 65535);
    private readonly Option<bool> _everywhere = CommandOptions.Switch(
        "--listen-everywhere",
        "Listen on all of the machine's addresses, not only on that of --host, or for health on 127.0.0.1; "
        + "for tensors a node does so anyway where --host is a name");
    private readonly Option<int> _slots = CommandOptions.Count("--slots", "N", 1, Environment.ProcessorCount, "Workers on this node", maximum: 1024);
    private readonly Option<bool> _tcp =
        CommandOptions.Switch("--tcp", "Send tensors through TCP to nodes on this machine as well, not through memory that both map");
    private readonly Option<string?> _config = CommandOptions.OptionalText("--config", "FILE", "Akka settings in HOCON that go before those in cluster-config");
    private readonly Option<string?> _secret =
        CommandOptions.OptionalText("--secret-file", "FILE", $"File with the cluster's secret [default: the variable {NodeSecret.Variable}]");
    private readonly Option<bool> _makeSecret = CommandOptions.Switch("--make-secret", "Make the file of --secret-file with a new secret if it does not exist");
    private readonly Option<int> _healthPort = new("--health-port")
    {
        HelpName = "PORT",
        Description = $"TCP port for GET /live and GET /ready; 0 for none; the variable {HealthVariable} gives another default",
        DefaultValueFactory = _ => int.TryParse(Environment.GetEnvironmentVariable(HealthVariable), out var port) ? port : 0,
    };
    private readonly Option<string?> _train = CommandOptions.OptionalText(
        "--train", "OPTIONS", "Train a run with these options of 'distnet submit' once the nodes are there, unless the cluster was ordered one before");
    private readonly OrderOptions _order = new();
    private readonly Option<string?> _orders =
        CommandOptions.OptionalText("--orders", "FILE", "Where the cluster's orders are kept, if that is not cluster.db in the folder of runs");
    private readonly Option<bool> _endsWithInput =
        CommandOptions.Switch("--ends-with-input", "Leave the cluster when standard input ends, as it does when the process that started this one dies");
    private readonly TrainingDataOptions _data = new();
    private readonly CacheOption _cache = new();
    private readonly RunsOption _runs = new();
    private readonly JournalOptions _journal = new();

    private NodeCommand() => _orders.Hidden = _endsWithInput.Hidden = true;

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var node = new NodeCommand();
        var command = new ProgramCommand(
            "node",
            "Run one process of a cluster until it is told to stop",
            "distnet node --roles coordinator --secret-file secret",
            "distnet node --roles coordinator --join coordinator:4053 --host standby --secret-file secret",
            "distnet node --roles coordinator --secret-file secret --train '--epochs 5 --workers 3 --parameter-servers 2'",
            "distnet node --roles worker,parameter-server --join coordinator:4053 --host worker-1 --secret-file secret");
        command.Add([node._roles, node._join, node._host, node._port, node._tensorPort, node._everywhere, node._slots, node._tcp, node._config]);
        command.Add([node._secret, node._makeSecret, node._healthPort, node._train, node._orders, node._endsWithInput]);
        command.Add([.. node._data.All, node._cache.Option, node._runs.Option, .. node._journal.All]);
        command.SetAction(parsed => node.Session(parsed, terminal).RunAsync());
        return command;
    }

    private NodeSession Session(ParseResult parsed, Terminal terminal)
    {
        var options = Options(parsed, terminal);
        var text = parsed.GetValue(_train);
        if (text is not null && options.Runs is null) throw new UsageException($"--train needs the role {NodeRole.Coordinator}");
        return new NodeSession(options, parsed.GetValue(_endsWithInput), terminal)
        {
            HealthPort = parsed.GetValue(_healthPort),
            Train = text is null ? null : _order.Read("--train", text),
        };
    }

    private NodeOptions Options(ParseResult parsed, Terminal terminal)
    {
        var roles = Roles(parsed.GetRequiredValue(_roles));
        string[] join = HostAndPort.Each(_join.Name, parsed.GetValue(_join) ?? []);
        var data = new NodeData(() => _data.ReadIfAny(parsed), _cache.Read(parsed), terminal.Log);
        return new NodeOptions
        {
            Roles = roles,
            Join = join,
            Host = OwnHost.Resolve(parsed.GetValue(_host) ?? (join.Length > 0 ? OwnHost.Auto : "127.0.0.1"), join),
            Port = parsed.GetValue(_port),
            TensorPort = parsed.GetValue(_tensorPort),
            ListensEverywhere = parsed.GetValue(_everywhere),
            Slots = parsed.GetValue(_slots),
            SharesMemory = !parsed.GetValue(_tcp),
            Secret = Secret(parsed),
            Config = ClusterConfiguration.Read(roles, parsed.GetValue(_config)),
            Data = data,
            Runs = roles.Contains(NodeRole.Coordinator) ? Runs(parsed, data, terminal) : null,
            Log = terminal.Log,
        };
    }

    private RunHost Runs(ParseResult parsed, NodeData data, Terminal terminal)
    {
        var runs = _runs.Directory(parsed);
        return new RunHost(data, runs, _journal.Orders(parsed, parsed.GetValue(_orders), runs), _journal.Read(parsed), terminal.Error);
    }

    private byte[] Secret(ParseResult parsed)
    {
        var file = parsed.GetValue(_secret);
        if (parsed.GetValue(_makeSecret)) NodeSecret.MakeFile(file ?? throw new UsageException("--make-secret needs --secret-file"));
        return NodeSecret.Read(file);
    }

    private static string[] Roles(string text)
    {
        string[] roles = [.. text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Distinct()];
        if (roles.Length == 0) throw new UsageException($"--roles needs at least one of {string.Join(", ", NodeRole.All)}");
        return roles.FirstOrDefault(role => !NodeRole.All.Contains(role)) is { } unknown
            ? throw new UsageException($"--roles knows {string.Join(", ", NodeRole.All)}, but '{unknown}' was given")
            : roles;
    }
}
