using System.CommandLine;
using DistNet.Actors;

namespace DistNet;

/// <summary>How a cluster is asked how it is going.</summary>
/// <param name="question">Answered with how it stands.</param>
/// <exception cref="IOException">No node answered.</exception>
internal delegate Task<ClusterStatus> StatusQuestion(object question);

/// <summary>Which cluster a command speaks to.</summary>
internal sealed class ClusterOptions
{
    private const int Attempts = 4;
    private const string Variable = "DISTNET_CLUSTER";

    private readonly Option<string[]> _nodes = new("--cluster") { HelpName = "HOST:PORT[,HOST:PORT]", Description = $"A node of the cluster, or several; may be repeated, and the first that answers serves [default: the variable {Variable}, else 127.0.0.1:4053]" };
    private readonly Option<string> _host = CommandOptions.Text("--host", "NAME", OwnHost.Auto, "Name or address by which the cluster's nodes reach this machine; auto takes that of the interface that leads to --cluster");

    /// <summary>All of them.</summary>
    public IReadOnlyList<Option> All => [_nodes, _host];

    /// <summary>Begins to speak to it.</summary>
    /// <exception cref="UsageException">An address is none.</exception>
    /// <exception cref="IOException">No way leads there.</exception>
    public ClusterConnection Connect(ParseResult parsed) => new(Nodes(parsed), OwnHost.Resolve(parsed.GetRequiredValue(_host), Nodes(parsed)));

    /// <summary>Builds a command that asks a cluster how it is going, and speaks to it while it runs.</summary>
    /// <param name="name">The command's.</param>
    /// <param name="description">For its help.</param>
    /// <param name="run">What it does.</param>
    public static Command Command(string name, string description, Func<StatusQuestion, CancellationToken, Task> run)
    {
        var options = new ClusterOptions();
        var command = new ProgramCommand(name, description, $"distnet {name} --cluster coordinator:4053");
        command.Add([.. options.All]);
        command.SetAction(async (parsed, stop) =>
        {
            var connection = options.Connect(parsed);
            await using (connection.ConfigureAwait(false))
                await run(question => options.AskAsync(connection, question, parsed, stop), stop).ConfigureAwait(false);
            return ExitCode.Success;
        });
        return command;
    }

    // A few times, since the machine may be busy computing; no answer is a failure.
    private async Task<ClusterStatus> AskAsync(ClusterConnection connection, object question, ParseResult parsed, CancellationToken stop)
    {
        for (var i = 0; i < Attempts; i++)
            if (await connection.AskAsync<ClusterStatus>(question, stop).ConfigureAwait(false) is { } answer) return answer;
        throw new IOException($"no node answered at {string.Join(", ", Nodes(parsed))}; name one that runs with --cluster");
    }

    private string[] Nodes(ParseResult parsed) => HostAndPort.Each(
        _nodes.Name, parsed.GetValue(_nodes) is { Length: > 0 } given ? given : [Environment.GetEnvironmentVariable(Variable) ?? "127.0.0.1:4053"]);
}
