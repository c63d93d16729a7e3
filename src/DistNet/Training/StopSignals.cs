using System.Runtime.InteropServices;

namespace DistNet;

/// <summary>Turns Ctrl-C and termination signals into a request to stop at the next step; the second one ends the process at once.</summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly PosixSignalRegistration[] _registrations;
    private readonly Action<string> _notify;
    private readonly Action _beforeEnd;
    private readonly Func<string> _notice;
    private int _received;

    /// <summary>Listens from now on.</summary>
    /// <param name="notify">Told of the first signal.</param>
    /// <param name="beforeEnd">Called before the second one ends the process.</param>
    /// <param name="notice">What the first one is answered with, where no step is under way here.</param>
    public StopSignals(Action<string> notify, Action beforeEnd, Func<string>? notice = null)
    {
        (_beforeEnd, _notice) = (beforeEnd, notice ?? (() => "Stopping after this step; once more ends at once, without a checkpoint."));
        _notify = notify;
        _registrations = [PosixSignalRegistration.Create(PosixSignal.SIGINT, Handle), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Handle)];
    }

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Requested => _stop.Token;

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
        _stop.Dispose();
    }

    private void Handle(PosixSignalContext signal)
    {
        if (Interlocked.Increment(ref _received) > 1)
        {
            // The system's own reaction follows: the process ends, and the shell sees 130 or 143.
            _beforeEnd();
            return;
        }

        signal.Cancel = true;
        _notify(_notice());
        _stop.Cancel();
    }
}
