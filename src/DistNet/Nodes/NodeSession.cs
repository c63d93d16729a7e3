using System.Net.Sockets;
using DistNet.Actors;

namespace DistNet;

/// <summary>A node from its start until it is told to stop, or is taken for lost by the cluster.</summary>
/// <param name="options">The node.</param>
/// <param name="endsWithInput">Whether it leaves when standard input ends.</param>
/// <param name="terminal">Where it tells what it does.</param>
internal sealed class NodeSession(NodeOptions options, bool endsWithInput, Terminal terminal)
{
    /// <summary>The line by which a process that started this one learns its addresses begins so.</summary>
    public const string ReadyPrefix = "listening ";

    /// <summary>Runs the node.</summary>
    /// <returns>0 when it was told to stop; <see cref="ExitCode.Downed"/> when the cluster took it for lost, or did not let it in.</returns>
    public Task<int> RunAsync() => endsWithInput ? RunForParentAsync() : RunForUserAsync();

    private async Task<int> RunForUserAsync()
    {
        using var stop = new StopSignals(terminal.Error.WriteLine, () => { }, "Leaving the cluster; once more ends at once.");
        var node = Start();
        await using (node.ConfigureAwait(false))
        {
            Introduce(node);
            return await Task.WhenAny(WaitFor(stop.Requested), node.Ended).ConfigureAwait(false) == node.Ended ? Lost() : ExitCode.Success;
        }
    }

    // The cluster ends with the parent, so nobody is left to take leave of.
    private async Task<int> RunForParentAsync()
    {
        using var ignored = new IgnoredSignals();
        var node = Start();
        Introduce(node);
        var hasLost = await Task.WhenAny(InputEnds(), node.Ended).ConfigureAwait(false) == node.Ended;
        await node.AbandonAsync().ConfigureAwait(false);
        return hasLost ? Lost() : ExitCode.Success;
    }

    private void Introduce(ClusterNode node) =>
        terminal.Output.WriteLine($"{ReadyPrefix}{node.Address} tensors {node.TensorAddress} ({string.Join(", ", options.Roles)})");

    private int Lost()
    {
        terminal.Error.WriteLine("distnet: the cluster took this node for lost, or did not let it in; start it again to join anew.");
        return ExitCode.Downed;
    }

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
    }

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
