using DistNet.Neural;

namespace DistNet;

/// <summary>Managed memory allocated per step in steady state: between two steps of one epoch, so that shuffles and start-up do not count.</summary>
/// <param name="onFirstStep">Called when the first step was made.</param>
internal sealed class AllocationMeter(Action onFirstStep) : ITrainingObserver
{
    private const long WarmUpSteps = 50;

    private bool _hasBegun;
    private (int Epoch, long Version, long Bytes) _from;
    private (long Steps, long Bytes) _longest;

    /// <summary>Bytes per step over the longest stretch seen, or null if there was none.</summary>
    public double? BytesPerStep => _longest.Steps == 0 ? null : (double)_longest.Bytes / _longest.Steps;

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        if (!_hasBegun) onFirstStep();
        _hasBegun = true;
        if (progress.Version < WarmUpSteps) return;
        var bytes = GC.GetTotalAllocatedBytes(precise: false);
        if (progress.Epoch != _from.Epoch) _from = (progress.Epoch, progress.Version, bytes);
        var steps = progress.Version - _from.Version;
        if (steps > _longest.Steps) _longest = (steps, bytes - _from.Bytes);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => _from = default;

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // Training is measured without checkpoints.
    }
}
