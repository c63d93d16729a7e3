using System.Collections.Concurrent;
using Akka.Configuration;
using Akka.Dispatch;

namespace DistNet.Actors;

/// <summary>Makes a <see cref="ComputeExecutor"/> for a dispatcher whose configuration names this type as its executor.</summary>
public sealed class ComputeExecutorConfigurator(Config config, IDispatcherPrerequisites prerequisites) : ExecutorServiceConfigurator(config, prerequisites)
{
    private readonly int _spinTurns = config.GetInt("spin-turns", ComputeExecutor.UsualSpinTurns);

    /// <inheritdoc/>
    public override ExecutorService Produce(string id) => new ComputeExecutor(id, _spinTurns);
}

/// <summary>One thread that runs actors which compute, and between two messages looks for the next one for a while before it sleeps.</summary>
/// <remarks>
/// A step waits for the slowest of several threads and then goes on within microseconds. A thread that slept through that gap comes back
/// late, by as much as a tenth of a step where the processor is a virtual one. So it spins, about a millisecond, and sleeps only when the
/// run itself pauses. It yields at each turn: where a third thread has work, the core goes to whoever has some, not to the one that waits.
/// </remarks>
internal sealed class ComputeExecutor : ExecutorService
{
    /// <summary>Each is about a microsecond.</summary>
    public const int UsualSpinTurns = 1000;

    private const int SpinsPerTurn = 30;

    private readonly ConcurrentQueue<IRunnable> _work = new();
    private readonly object _gate = new();
    private readonly int _spinTurns;

    // Written inside the gate; read outside of it after a full fence, so that nobody who brings work misses a sleeper.
    private volatile bool _isAsleep;
    private volatile bool _isShutDown;

    public ComputeExecutor(string id, int spinTurns)
        : base(id)
    {
        _spinTurns = spinTurns;
        Thread thread = new(Loop) { IsBackground = true, Name = id };
        thread.Start();
    }

    /// <inheritdoc/>
    public override void Execute(IRunnable run)
    {
        ObjectDisposedException.ThrowIf(_isShutDown, this);
        _work.Enqueue(run);
        WakeIfAsleep();
    }

    /// <inheritdoc/>
    public override void Shutdown()
    {
        _isShutDown = true;
        WakeIfAsleep();
    }

    private void Loop()
    {
        while (true)
        {
            if (_work.TryDequeue(out IRunnable? run))
                run.Run();
            else if (_isShutDown)
                return;
            else
                AwaitWork();
        }
    }

    private void AwaitWork()
    {
        for (int turn = 0; turn < _spinTurns; turn++)
        {
            if (!_work.IsEmpty || _isShutDown)
                return;
            Thread.SpinWait(SpinsPerTurn);
            Thread.Yield();
        }
        lock (_gate)
            Sleep();
    }

    private void Sleep()
    {
        _isAsleep = true;
        Interlocked.MemoryBarrier();
        if (_work.IsEmpty && !_isShutDown)
            Monitor.Wait(_gate);
        _isAsleep = false;
    }

    private void WakeIfAsleep()
    {
        Interlocked.MemoryBarrier();
        if (!_isAsleep)
            return;
        lock (_gate)
            Monitor.Pulse(_gate);
    }
}
