using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>The optimizer of one contiguous range of the parameter vector, with its slots. The union over any cut of the vector
/// equals the whole, bit for bit.</summary>
/// <remarks>Not safe for use by several threads at once, except <see cref="Update"/> on ranges that do not overlap.</remarks>
public sealed class OptimizerState
{
    private readonly TrainingSpec _spec;
    private readonly ParameterLayout _layout;
    private readonly long _totalSteps;
    private readonly AlignedVector<float>[] _slots;

    /// <summary>A fresh state.</summary>
    /// <param name="spec">Optimizer, schedule and weight decay.</param>
    /// <param name="layout">Says which parameters are kernels.</param>
    /// <param name="offset">First parameter of the range.</param>
    /// <param name="length">Parameters in the range.</param>
    /// <param name="totalSteps">Steps of the whole run, which some schedules need.</param>
    /// <exception cref="ArgumentOutOfRangeException">The range leaves the layout, or there are no steps.</exception>
    public OptimizerState(TrainingSpec spec, ParameterLayout layout, int offset, int length, long totalSteps)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(layout);
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)offset + length, layout.Count, nameof(length));
        ArgumentOutOfRangeException.ThrowIfLessThan(totalSteps, 1);
        (_spec, _layout, _totalSteps) = (spec, layout, totalSteps);
        (Offset, Length) = (offset, length);
        _slots = [.. spec.Optimizer.SlotNames.Select(_ => new AlignedVector<float>(length))];
        foreach (var slot in _slots)
            slot.Span.Fill(spec.Optimizer.InitialSlotValue);
    }

    /// <summary>First parameter of the range.</summary>
    public int Offset { get; }

    /// <summary>Parameters in the range.</summary>
    public int Length { get; }

    /// <summary>The optimizer's slots: "momentum", "velocity", "accumulator", or none.</summary>
    public IReadOnlyList<string> SlotNames => _spec.Optimizer.SlotNames;

    /// <summary>A slot of the range, to be read or restored.</summary>
    /// <exception cref="ArgumentException">The optimizer has no such slot.</exception>
    public Span<float> Slot(string name)
    {
        for (var index = 0; index < _slots.Length; index++)
        {
            if (SlotNames[index] == name)
                return _slots[index].Span;
        }

        throw new ArgumentException($"The optimizer {_spec.Optimizer.Name} has no slot '{name}'.", nameof(name));
    }

    /// <summary>Makes one step for the parameters [start, start + current.Length) of the range.</summary>
    /// <param name="start">First parameter, relative to <see cref="Offset"/>.</param>
    /// <param name="gradientSum">Sum over the mini-batch of dLoss/dParameters.</param>
    /// <param name="exampleCount">Examples of the mini-batch, by which the sum is divided: multiplied with 1 / count in single
    /// precision.</param>
    /// <param name="version">Steps made before this one.</param>
    /// <param name="current">The parameters at that version.</param>
    /// <param name="next">The parameters at the version after it; overwritten; may be <paramref name="current"/>.</param>
    /// <exception cref="ArgumentException">The spans' lengths differ.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The parameters leave the range, or a count is impossible.</exception>
    public void Update(
        int start, ReadOnlySpan<float> gradientSum, int exampleCount, long version, ReadOnlySpan<float> current, Span<float> next)
    {
        CheckRange(start, gradientSum.Length, current.Length, next.Length);
        ArgumentOutOfRangeException.ThrowIfLessThan(exampleCount, 1);
        ArgumentOutOfRangeException.ThrowIfNegative(version);
        var learningRate = (float)_spec.Schedule.LearningRateAt(_spec.Optimizer.LearningRate, version, _totalSteps);
        var end = Offset + start + current.Length;
        foreach (var tensor in _layout.Tensors)
        {
            var from = Math.Max(Offset + start, tensor.Offset);
            var length = Math.Min(end, tensor.Offset + tensor.Length) - from;
            if (length <= 0)
                continue;

            var at = from - Offset - start;
            _spec.Optimizer.Update(new UpdateArguments
            {
                GradientSum = gradientSum.Slice(at, length),
                Current = current.Slice(at, length),
                Next = next.Slice(at, length),
                FirstSlot = SlotRange(0, start + at, length),
                SecondSlot = SlotRange(1, start + at, length),
                ExampleCount = exampleCount,
                WeightDecay = tensor.IsKernel ? _spec.WeightDecay : 0,
                LearningRate = learningRate,
                Step = version + 1,
            });
        }
    }

    private Span<float> SlotRange(int slot, int start, int length) =>
        slot < _slots.Length ? _slots[slot].Span.Slice(start, length) : [];

    private void CheckRange(int start, int gradientLength, int currentLength, int nextLength)
    {
        if (gradientLength != currentLength || nextLength != currentLength)
            throw new ArgumentException(
                $"Gradient sum, current and next parameters must be equally long, but are {gradientLength}, {currentLength} and " +
                $"{nextLength}.");
        ArgumentOutOfRangeException.ThrowIfNegative(start);
        ArgumentOutOfRangeException.ThrowIfGreaterThan((long)start + currentLength, Length, nameof(start));
    }
}
