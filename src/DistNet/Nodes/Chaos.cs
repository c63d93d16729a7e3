using System.Diagnostics;

namespace DistNet;

/// <summary>Carries a <see cref="ChaosSchedule"/> out on the processes of a local cluster, and says what it does.</summary>
/// <remarks>Not safe for use by several threads: it acts when <see cref="Act"/> is called, about every
/// 100 ms, which is also the beat of a slowed node.</remarks>
internal sealed class Chaos : IDisposable
{
    private readonly LocalNodes _nodes;
    private readonly Action<string> _notify;
    private readonly IEnumerator<ChaosAct> _schedule;
    private readonly Stopwatch _clock = new();

    // The process that the act under way has stopped, or null.
    private NodeProcess? _stopped;
    private ChaosAct? _underWay;

    /// <summary>The schedule begins with the first <see cref="Act"/>.</summary>
    public Chaos(LocalNodes nodes, int seed, Action<string> notify)
    {
        (_nodes, _notify) = (nodes, notify);
        _schedule = ChaosSchedule.Draw(seed, nodes.Names).GetEnumerator();
        _schedule.MoveNext();
    }

    /// <summary>Does what is due.</summary>
    /// <param name="version">Steps made, to be told with it.</param>
    public void Act(long version)
    {
        _clock.Start();
        if (_underWay is { } act)
            GoOn(act, version);
        else if (_clock.Elapsed >= _schedule.Current.At)
            Begin(_schedule.Current, version);
    }

    /// <summary>Lets a stopped process go on: one that is asked to stop the run has to hear it.</summary>
    public void Continue()
    {
        _stopped?.Continue();
        _stopped = null;
    }

    /// <summary>Lets a stopped process go on.</summary>
    public void Dispose()
    {
        Continue();
        _schedule.Dispose();
    }

    private void Begin(ChaosAct act, long version)
    {
        _schedule.MoveNext();
        if (_nodes.Named(act.Node) is not { } node)
        {
            Tell($"leaves {act.Node} alone, which is being started", version);
            return;
        }

        if (act.Kind == ChaosKind.Kill)
        {
            Tell($"kills {act.Node}", version);
            node.Kill();
            return;
        }

        Tell($"{(act.Kind == ChaosKind.Pause ? "pauses" : "slows")} {act.Node} for {act.Duration.TotalSeconds:0.0} s", version);
        _underWay = act;
        Stop(node);
    }

    private void GoOn(ChaosAct act, long version)
    {
        if (_clock.Elapsed >= act.At + act.Duration)
        {
            Continue();
            _underWay = null;
            Tell($"lets {act.Node} go on", version);
        }
        else if (act.Kind == ChaosKind.Slow && _stopped is not null)
        {
            Continue();
        }
        else if (act.Kind == ChaosKind.Slow && _nodes.Named(act.Node) is { } node)
        {
            Stop(node);
        }
    }

    private void Stop(NodeProcess node)
    {
        node.Pause();
        _stopped = node;
    }

    private void Tell(string what, long version) => _notify($"chaos {_clock.Elapsed.TotalSeconds,6:0.0} s  step {version}: {what}");
}
