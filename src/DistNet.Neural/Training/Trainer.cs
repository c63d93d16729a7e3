using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>The plain trainer: one thread, one loop. The oracle that every other engine must equal bit for bit, and the baseline
/// they are measured by.</summary>
public sealed class Trainer
{
    private readonly TrainingJob _job;
    private readonly ITrainingObserver _observer;
    private readonly TimeProvider _time;
    private readonly RunPlan _plan;
    private readonly RunHistory _history;
    private readonly ParameterLayout _layout;
    private readonly StepExamples _examples;
    private readonly Backpropagation<float> _backpropagation;
    private readonly OptimizerState _optimizer;
    private readonly Evaluator? _validation;
    private readonly AlignedVector<float> _parameters;
    private readonly AlignedVector<float> _gradientSum;
    private readonly int[] _order;
    private int _orderEpoch; // whose order it holds; 0 before the first
    private long _checkpointVersion = -1;
    private TimeSpan _trainTime;

    private Trainer(TrainingJob job, ITrainingObserver observer, TimeProvider time)
    {
        job.Validate();
        (_job, _observer, _time) = (job, observer, time);
        var (spec, start) = (job.Spec, job.ResumeFrom);
        var split = ValidationSplit.Of(job.Examples.Count, spec.ValidationFraction);
        _plan = new RunPlan(spec, split.TrainingCount);
        _history = new RunHistory(spec, _plan, start);
        _layout = ParameterLayout.For(spec.Network);
        _examples = new StepExamples(spec, job.Examples);
        _backpropagation = new Backpropagation<float>(spec.Network, spec.MicroBatchSize, _plan.LargestBatch);
        _validation = split.ValidationCount == 0
            ? null
            : new Evaluator(spec.Network, job.Examples, split.TrainingCount, split.ValidationCount);
        _parameters = new AlignedVector<float>(_layout.Count);
        (start?.Parameters ?? ParameterInitializer.Create(spec.Network, spec.Seed)).CopyTo(_parameters.Span);
        _gradientSum = new AlignedVector<float>(_layout.Count);
        _order = new int[split.TrainingCount];
        _optimizer = new OptimizerState(spec, _layout, 0, _layout.Count, _plan.TotalSteps);
        foreach (var (name, values) in start?.Slots ?? new Dictionary<string, float[]>())
            values.CopyTo(_optimizer.Slot(name));
    }

    /// <summary>Makes a run, or goes on with one, until it is complete, stops early, or is asked to stop.</summary>
    /// <param name="job">What to train, on what, from where.</param>
    /// <param name="observer">Hears of each step, epoch and checkpoint, on the calling thread.</param>
    /// <param name="time">Measures <see cref="TrainingResult.TrainTime"/>; nothing else depends on it.</param>
    /// <param name="cancellationToken">Asks to stop; looked at between steps. The run then writes a checkpoint and ends as
    /// <see cref="TrainingEnd.Interrupted"/>.</param>
    /// <exception cref="ArgumentException">The specification is impossible.</exception>
    /// <exception cref="InvalidDataException">Network, data and checkpoint do not belong together.</exception>
    /// <exception cref="NonFiniteGradientException">A gradient is not finite; the last checkpoint stays.</exception>
    /// <exception cref="IOException">A checkpoint cannot be written.</exception>
    public static TrainingResult Train(TrainingJob job, ITrainingObserver observer, TimeProvider time, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(job);
        ArgumentNullException.ThrowIfNull(observer);
        ArgumentNullException.ThrowIfNull(time);
        return new Trainer(job, observer, time).Run(cancellationToken);
    }

    private TrainingResult Run(CancellationToken cancellationToken)
    {
        WarmUp.Step(_job.Spec);
        var start = _history.Version;
        while (_history.End is null && !cancellationToken.IsCancellationRequested)
        {
            if (!_history.IsEpochComplete)
                Step();
            if (_history.IsEpochComplete) // also at once, when resumed from a checkpoint whose epoch was not reported yet
                _observer.OnEpoch(_history.CompleteEpoch(_validation?.Measure(_parameters.Span)));
            if (_plan.IsCheckpointDue(_history.Version, _job.CheckpointEvery))
                SaveCheckpoint();
        }

        if (_history.End is null)
            SaveCheckpoint();
        return Result(start);
    }

    /// <summary>One step: gather, forward, loss, gradient sum, update.</summary>
    private void Step()
    {
        var began = _time.GetTimestamp();
        var version = _history.Version;
        var batch = _plan.Batch(version);
        var indices = OrderOf(_plan.EpochOf(version)).AsSpan(batch.First, batch.Count);
        _examples.Load(_backpropagation, _plan.EpochOf(version), indices);
        _backpropagation.Forward(_parameters.Span, batch.Count);
        var statistics = _backpropagation.Measure(0, batch.Count);
        _backpropagation.GradientSum(_parameters.Span, 0, batch.Count, _gradientSum.Span);
        if (MatrixKernels.IndexOfNonFinite(_gradientSum.Span) is >= 0 and var index)
            throw new NonFiniteGradientException(version, _layout.TensorAt(index), _gradientSum.Span[index]);
        _optimizer.Update(0, _gradientSum.Span, batch.Count, version, _parameters.Span, _parameters.Span);
        _history.CountStep(statistics);
        _trainTime += _time.GetElapsedTime(began);
        _observer.OnProgress(_history.Progress);
    }

    private int[] OrderOf(int epoch)
    {
        if (_orderEpoch != epoch)
            ExampleOrder.Fill(_order, _job.Spec.Seed, epoch);
        _orderEpoch = epoch;
        return _order;
    }

    private void SaveCheckpoint()
    {
        if (_job.Checkpoints is null || _checkpointVersion == _history.Version)
            return;
        // Copies: a store may keep what it is given, and the next step writes into the originals.
        var slots = _optimizer.SlotNames.ToDictionary(name => name, name => _optimizer.Slot(name).ToArray());
        var path = _job.Checkpoints.Save(_history.ToCheckpoint(_job.Examples.ContentHash, [.. _parameters.Span], slots));
        _checkpointVersion = _history.Version;
        _observer.OnCheckpoint(_history.Version, path);
    }

    private TrainingResult Result(long start) => new()
    {
        Parameters = [.. _parameters.Span],
        Version = _history.Version,
        Examples = _plan.ExamplesUntil(_history.Version),
        ExamplesThisSession = _plan.ExamplesUntil(_history.Version) - _plan.ExamplesUntil(start),
        TrainTime = _trainTime,
        History = [.. _history.Reports],
        End = _history.End ?? TrainingEnd.Interrupted,
    };
}
