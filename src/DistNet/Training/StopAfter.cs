using DistNet.Neural;

namespace DistNet;

/// <summary>Ends a training after so many steps: where another was interrupted.</summary>
internal sealed class StopAfter : ITrainingObserver, IDisposable
{
    private readonly CancellationTokenSource _reached = new();
    private readonly long _version;
    private readonly ITrainingObserver _inner;

    /// <summary>Passes on what it hears.</summary>
    /// <param name="version">Steps to make; 0 for none.</param>
    /// <param name="inner">Hears it too.</param>
    public StopAfter(long version, ITrainingObserver inner)
    {
        (_version, _inner) = (version, inner);
        if (version == 0) _reached.Cancel();
    }

    /// <summary>Cancelled when they are made.</summary>
    public CancellationToken Reached => _reached.Token;

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        _inner.OnProgress(progress);
        if (progress.Version == _version) _reached.Cancel();
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => _inner.OnEpoch(report);

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path) => _inner.OnCheckpoint(version, path);

    /// <inheritdoc/>
    public void Dispose() => _reached.Dispose();
}
