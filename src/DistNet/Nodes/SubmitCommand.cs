using System.CommandLine;

namespace DistNet;

/// <summary>`distnet submit`: has a cluster that is up train a run.</summary>
internal sealed class SubmitCommand
{
    private readonly ClusterOptions _cluster = new();
    private readonly OrderOptions _order = new();
    private readonly Option<bool> _wait = CommandOptions.Switch("--wait", "Show the run's epochs, and end when it ends");
    private readonly Option<bool> _json = CommandOptions.Switch("--json", "Print the result, or without --wait the run's name, as one line of JSON on standard output, all else on standard error");

    /// <summary>Builds the command.</summary>
    public static Command Create(Terminal terminal)
    {
        var submit = new SubmitCommand();
        var command = new ProgramCommand(
            "submit",
            "Have a cluster train; the network and its training have the options of 'distnet train'",
            "distnet submit --cluster coordinator:4053 --workers 3 --parameter-servers 2 --wait",
            "distnet submit --cluster coordinator:4053 --resume latest");
        command.Add([.. submit._cluster.All, .. submit._order.All, submit._wait, submit._json]);
        command.SetAction((parsed, stop) => submit.RunAsync(parsed, terminal));
        return command;
    }

    private async Task<int> RunAsync(ParseResult parsed, Terminal terminal)
    {
        var order = _order.Read(parsed);
        var json = parsed.GetValue(_json);
        ClusterRun? run = null;
        using var stop = new StopSignals(terminal.Notifier(json), () => { }, () => run is { Id.Length: > 0 }
            ? "The run goes on without this command; see it with 'distnet status'."
            : "No run is known to have been ordered; 'distnet status' says whether one was.");
        var connection = _cluster.Connect(parsed);
        await using (connection.ConfigureAwait(false))
        {
            run = new ClusterRun(connection, json ? terminal.Error : terminal.Output);
            try
            {
                var id = await run.SubmitAsync(order(await run.AskDataAsync(stop.Requested).ConfigureAwait(false)), stop.Requested).ConfigureAwait(false);
                if (parsed.GetValue(_wait)) return await WaitAsync(run, json, terminal, stop.Requested).ConfigureAwait(false);
                if (json) terminal.Output.WriteLine($$"""{"run":"{{id}}"}""");
                return ExitCode.Success;
            }
            catch (OperationCanceledException)
            {
                return ExitCode.Interrupted;
            }
        }
    }

    private static async Task<int> WaitAsync(ClusterRun run, bool json, Terminal terminal, CancellationToken stop)
    {
        if (await run.FollowAsync(stop).ConfigureAwait(false) is not { } result)
        {
            terminal.Error.WriteLine($"The run was stopped; go on with it by 'distnet submit --resume {run.Id}'.");
            return ExitCode.Interrupted;
        }

        run.Conclude(result);
        if (json) terminal.Output.WriteLine(result);
        return ExitCode.Success;
    }
}
