using DistNet.Neural;

namespace DistNet;

/// <summary>Managed memory allocated per step in steady state.</summary>
/// <remarks>
/// The median over the intervals between two progress reports of one epoch: what belongs to an epoch's end (its shuffle, its snapshot, the
/// pools' first buffers) falls into few of them, what belongs to a step into all.
/// </remarks>
/// <param name="onFirstStep">Called when the first step was made.</param>
internal sealed class AllocationMeter(Action onFirstStep) : ITrainingObserver
{
    private const long WarmUpSteps = 50;

    private readonly List<double> _intervals = []; // bytes per step
    private bool _hasBegun;
    private (int Epoch, long Version, long Bytes) _from;

    /// <summary>Bytes per step, or null if no interval was seen.</summary>
    public double? BytesPerStep => _intervals.Count == 0 ? null : Stopclock.Median(_intervals);

    /// <inheritdoc/>
    public void OnProgress(TrainingProgress progress)
    {
        if (!_hasBegun) onFirstStep();
        _hasBegun = true;
        if (progress.Version < WarmUpSteps) return;
        var bytes = GC.GetTotalAllocatedBytes(precise: false);
        if (progress.Epoch == _from.Epoch && progress.Version > _from.Version)
            _intervals.Add((double)(bytes - _from.Bytes) / (progress.Version - _from.Version));
        _from = (progress.Epoch, progress.Version, bytes);
    }

    /// <inheritdoc/>
    public void OnEpoch(EpochReport report) => _from = default;

    /// <inheritdoc/>
    public void OnCheckpoint(long version, string path)
    {
        // Training is measured without checkpoints.
    }
}
