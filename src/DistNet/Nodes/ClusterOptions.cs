using System.CommandLine;

namespace DistNet;

/// <summary>Which cluster a command speaks to.</summary>
internal sealed class ClusterOptions
{
    private const int Attempts = 4;
    private const string Variable = "DISTNET_CLUSTER";

    private readonly Option<string[]> _nodes = new("--cluster") { HelpName = "HOST:PORT", Description = $"A node of the cluster; may be repeated, and the first that answers serves [default: the variable {Variable}, else 127.0.0.1:4053]" };
    private readonly Option<string> _host = CommandOptions.Text("--host", "NAME", OwnHost.Auto, "Name or address by which the cluster's nodes reach this machine; auto takes that of the interface that leads to --cluster");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_nodes, _host];

    /// <summary>Begins to speak to it.</summary>
    /// <exception cref="UsageException">An address is none.</exception>
    /// <exception cref="IOException">No way leads there.</exception>
    public ClusterConnection Connect(ParseResult parsed) => new(Nodes(parsed), OwnHost.Resolve(parsed.GetRequiredValue(_host), Nodes(parsed)));

    /// <summary>Asks a few times, since the machine may be busy computing, and takes no answer for a failure.</summary>
    /// <exception cref="IOException">No node answered.</exception>
    public async Task<T> AskAsync<T>(ClusterConnection connection, object question, ParseResult parsed, CancellationToken stop)
        where T : class
    {
        for (var i = 0; i < Attempts; i++)
            if (await connection.AskAsync<T>(question, stop).ConfigureAwait(false) is { } answer) return answer;
        throw new IOException($"no node answered at {string.Join(", ", Nodes(parsed))}; name one that runs with --cluster");
    }

    private string[] Nodes(ParseResult parsed)
    {
        var nodes = parsed.GetValue(_nodes) is { Length: > 0 } given ? given : [Environment.GetEnvironmentVariable(Variable) ?? "127.0.0.1:4053"];
        return nodes.FirstOrDefault(node => !HostAndPort.IsOne(node)) is { } wrong
            ? throw new UsageException($"--cluster needs HOST:PORT, but '{wrong}' was given")
            : nodes;
    }
}
