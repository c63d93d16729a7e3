using System.Runtime.InteropServices;

namespace DistNet;

/// <summary>Ctrl-C and termination signals leave this process alone: a terminal sends them to every process of the
/// group, and only the parent knows what is to become of the run.</summary>
internal sealed class IgnoredSignals : IDisposable
{
    private readonly PosixSignalRegistration[] _registrations =
        [PosixSignalRegistration.Create(PosixSignal.SIGINT, Ignore), PosixSignalRegistration.Create(PosixSignal.SIGTERM, Ignore)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var registration in _registrations) registration.Dispose();
    }

    private static void Ignore(PosixSignalContext signal) => signal.Cancel = true;
}
