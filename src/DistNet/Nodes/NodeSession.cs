using System.Net.Sockets;
using DistNet.Actors;
using DistNet.Actors.Transport;

namespace DistNet;

/// <summary>A node from its start until it is told to stop, or is taken for lost by the cluster.</summary>
/// <param name="options">The node.</param>
/// <param name="endsWithInput">Whether it leaves when standard input ends.</param>
/// <param name="terminal">Where it tells what it does.</param>
internal sealed class NodeSession(NodeOptions options, bool endsWithInput, Terminal terminal)
{
    /// <summary>The line by which a process that started this one learns its addresses begins so.</summary>
    public const string ReadyPrefix = "listening ";

    // Less than the minute that container engines are told to wait before they kill.
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(45);

    private static readonly TimeSpan ForsakenInterval = TimeSpan.FromSeconds(3);

    /// <summary>TCP port for questions after the node's health; 0 for none.</summary>
    public int HealthPort { get; init; }

    /// <summary>The run to order if the cluster was ordered none before; null for none.</summary>
    public Func<ClusterData, SubmitRun>? Train { get; init; }

    /// <summary>Runs the node.</summary>
    /// <returns>0 when it was told to stop; <see cref="ExitCode.Downed"/> when the cluster took it for lost or lost its coordinator, or nobody answered;
    /// <see cref="ExitCode.Refused"/> when it does not belong to the cluster.</returns>
    public Task<int> RunAsync() => endsWithInput ? RunForParentAsync() : RunForUserAsync();

    private async Task<int> RunForUserAsync()
    {
        using var stop = new StopSignals(terminal.Log, () => { }, () => "Leaving the cluster; once more ends at once.");
        var node = Start();
        await using (node.ConfigureAwait(false))
        {
            using var health = HealthPort == 0 ? null : DistNet.HealthPort.Open(HealthPort, options.ListensEverywhere, () => node.IsReady);
            Introduce(node);
            using var end = CancellationTokenSource.CreateLinkedTokenSource(stop.Requested);
            var telling = options.Runs is null ? Task.CompletedTask : new RunLog(new OwnCluster(node), terminal).TellAsync(Train, end.Token);
            var code = await EndAsync(node, WaitFor(stop.Requested)).ConfigureAwait(false);
            await end.CancelAsync().ConfigureAwait(false);
            if (code == ExitCode.Success && options.Runs is { IsTraining: true } runs) await HandOverAsync(node, runs).ConfigureAwait(false);
            await telling.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return code;
        }
    }

    private async Task<int> EndAsync(ClusterNode node, Task told)
    {
        await Task.WhenAny(told, node.Ended, Unless(node.Admission), ForsakenAsync(node)).ConfigureAwait(false);
        if (told.IsCompleted) return ExitCode.Success;
        if (node.Admission.Exception?.InnerException is HandshakeRefusedException refusal)
        {
            terminal.Error.WriteLine($"distnet: this node does not belong to the cluster at {string.Join(", ", options.Join)}: {refusal.Message.TrimEnd('.')}.");
            return ExitCode.Refused;
        }

        if (node.Admission.IsCanceled)
        {
            terminal.Error.WriteLine(
                $"distnet: nobody answered at {string.Join(", ", options.Join)} within a minute, so this node joined no cluster; "
                + "check --join, which must name a node as its own --host and --port do, and start it again.");
            return ExitCode.Downed;
        }

        terminal.Error.WriteLine($"distnet: {Why(node)}; start it again to join anew.");
        return ExitCode.Downed;
    }

    private string Why(ClusterNode node) => !node.Ended.IsCompleted ? "the cluster has lost its last coordinator" : node.End switch
    {
        NodeEnd.NotLetIn => $"nobody at {string.Join(", ", options.Join)} let this node into the cluster",
        NodeEnd.AnotherCluster => $"the nodes at {string.Join(", ", options.Join)} have formed a cluster without this one",
        _ => "the cluster took this node for lost",
    };

    // Twice in a row, since a node that has just come up has not reported yet.
    private static async Task ForsakenAsync(ClusterNode node)
    {
        using var timer = new PeriodicTimer(ForsakenInterval);
        for (var seen = 0; seen < 2; seen = node is { Ended.IsCompleted: false, IsForsaken: true } ? seen + 1 : 0)
            await timer.WaitForNextTickAsync().ConfigureAwait(false);
    }

    // Completes only when the node was not let in.
    private static async Task Unless(Task admission)
    {
        await admission.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (admission.IsCompletedSuccessfully) await WaitFor(CancellationToken.None).ConfigureAwait(false);
    }

    /// <summary>Has the run write a checkpoint and end here, so that the next coordinator, or this one when it is started again, goes on from there.</summary>
    private static async Task HandOverAsync(ClusterNode node, IRunHost runs)
    {
        using var deadline = new CancellationTokenSource(StopDeadline);
        while (runs.IsTraining && !deadline.IsCancellationRequested)
        {
            if (await node.AskAsync<ClusterStatus>(new HandOverRun(node.Address), CancellationToken.None).ConfigureAwait(false) is not null)
                await Task.Delay(100, CancellationToken.None).ConfigureAwait(false);
        }
    }

    // The cluster ends with the parent, so nobody is left to take leave of.
    private async Task<int> RunForParentAsync()
    {
        using var ignored = new IgnoredSignals();
        ParentDeath.EndWithParent();
        var node = Start();
        Introduce(node);
        var code = await EndAsync(node, InputEnds()).ConfigureAwait(false);
        await node.AbandonAsync().ConfigureAwait(false);
        return code;
    }

    private void Introduce(ClusterNode node) =>
        terminal.Output.WriteLine($"{ReadyPrefix}{node.Address} tensors {node.TensorAddress} ({string.Join(", ", options.Roles)})");

    private ClusterNode Start()
    {
        try
        {
            return ClusterNode.Start(options);
        }
        catch (SocketException fault)
        {
            throw new IOException($"the node cannot listen on {options.Host}, ports {options.Port} and {options.TensorPort}: {fault.Message}; name others with --host, --port and --tensor-port", fault);
        }
        catch (Exception fault) when (Innermost(fault) is FormatException or Akka.Configuration.ConfigurationException)
        {
            throw new InvalidDataException($"a value in Akka's settings cannot be used: {Innermost(fault).Message.TrimEnd('.')}; check the file of --config", fault);
        }
    }

    // Of an AggregateException the base may be another one.
    private static Exception Innermost(Exception fault) => fault.InnerException is { } inner ? Innermost(inner) : fault;

    private static async Task WaitFor(CancellationToken token) =>
        await Task.Delay(Timeout.InfiniteTimeSpan, token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private static Task InputEnds() => Task.Run(async () =>
    {
        while (await Console.In.ReadLineAsync().ConfigureAwait(false) is not null)
        {
            // What comes does not matter, only that it ends.
        }
    });
}
