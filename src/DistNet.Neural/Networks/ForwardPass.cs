using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>A network at work on a block of examples: a_l = activation_l(a_(l-1) W_l + b_l), and its losses.</summary>
/// <typeparam name="T">float to train, double to check gradients; the code is the same.</typeparam>
/// <remarks>Owns its buffers and allocates nothing per call. Each row depends on its example alone, so any cut of the rows gives
/// the same bits. Used by one thread.</remarks>
public sealed class ForwardPass<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec _network;
    private readonly ParameterLayout _layout;
    private readonly int _microBatchSize;
    private readonly int _maxExamples;
    private readonly AlignedVector<T> _inputs;
    private readonly AlignedVector<T> _targets;
    private readonly AlignedVector<T> _logits; // z of the output layer, from which cross-entropies are taken; empty if the loss needs none
    private readonly double[] _exponentials; // of a micro-batch's logits; scratch
    private readonly AlignedVector<T>[] _activations;
    private readonly bool _drops; // whether any layer drops units
    private DroppedUnits<T>? _dropped; // null until units are dropped, which an evaluation never does
    private int _examples;

    /// <summary>Room for a block of examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="microBatchSize">Examples per micro-batch, at least 1; losses are summed along its tree.</param>
    /// <param name="maxExamples">Most examples of a block, at least 1.</param>
    /// <exception cref="ArgumentException">The network is impossible, a size is less than 1, or the buffers would be too
    /// large.</exception>
    public ForwardPass(NetworkSpec network, int microBatchSize, int maxExamples)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(microBatchSize, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(maxExamples, 1);
        _layout = ParameterLayout.For(network);
        (_network, _microBatchSize, _maxExamples) = (network, microBatchSize, maxExamples);
        _inputs = Rows(network.InputSize);
        _targets = Rows(network.OutputSize);
        _logits = Rows(LossFunctions.NeedsLogits(network.Loss) ? network.OutputSize : 0);
        _exponentials = new double[_logits.Length == 0 ? 0 : Math.Min(microBatchSize, maxExamples) * network.OutputSize];
        _activations = [.. network.Layers.Select(layer => Rows(layer.Units))];
        _drops = network.Layers.Any(layer => layer.Dropout > 0);
    }

    /// <summary>Where to gather the inputs of the first examples of the block (examples x inputs, row-major).</summary>
    public Span<T> Inputs(int examples) => _inputs.Span[..(Checked(examples) * _network.InputSize)];

    /// <summary>Where to gather their targets (examples x outputs, row-major).</summary>
    public Span<T> Targets(int examples) => _targets.Span[..(Checked(examples) * _network.OutputSize)];

    /// <summary>The outputs of the last <see cref="Forward"/> (examples x outputs, row-major).</summary>
    public ReadOnlySpan<T> Outputs(int examples) => Activations(_network.Layers.Length - 1, 0, examples);

    /// <summary>Draws the units that each of the first examples of the block goes without in the passes from now on, if the network drops any.</summary>
    /// <param name="seed">The run's seed.</param>
    /// <param name="epoch">Which epoch, from 1.</param>
    /// <param name="examples">Indices in the training set of the examples that were gathered, in their order.</param>
    /// <remarks>What is drawn depends on seed, epoch and index alone. A pass for which nothing was drawn uses all units, as evaluation must.</remarks>
    /// <exception cref="ArgumentException">The block has no room.</exception>
    public void Drop(int seed, int epoch, ReadOnlySpan<int> examples)
    {
        _ = Checked(examples.Length);
        if (!_drops)
            return;
        _dropped ??= new DroppedUnits<T>(_network, _maxExamples);
        _dropped.Draw(seed, epoch, examples);
    }

    /// <summary>Computes the activations of all layers for the first examples of the block.</summary>
    /// <param name="parameters">The whole parameter vector.</param>
    /// <param name="examples">How many.</param>
    /// <exception cref="ArgumentException">The vector has the wrong length, or the block has no room.</exception>
    public void Forward(ReadOnlySpan<T> parameters, int examples)
    {
        if (parameters.Length != _layout.Count)
            throw new ArgumentException(
                $"The network has {_layout.Count} parameters, but the vector holds {parameters.Length}.", nameof(parameters));
        _examples = Checked(examples);
        for (var layer = 0; layer < _network.Layers.Length; layer++)
            ForwardLayer(parameters, layer);
    }

    /// <summary>Losses and correct answers of the examples [first, first + count) of the last <see cref="Forward"/>.</summary>
    /// <returns>Each micro-batch's sum in the order of its examples, added along the reduction tree.</returns>
    /// <exception cref="ArgumentException">The range leaves the examples, or does not begin at a micro-batch.</exception>
    public LossStatistics Measure(int first, int count)
    {
        CheckRange(first, count);
        return count == 0 ? default : MeasureNode(first, count);
    }

    /// <summary>The inputs of a layer (count x inputs of the layer).</summary>
    internal ReadOnlySpan<T> InputsOf(int layer, int first, int count) => layer == 0
        ? _inputs.Span.Slice(first * _network.InputSize, count * _network.InputSize)
        : _dropped is { } dropped && dropped.IsIn(layer - 1) ? dropped.Outputs(layer - 1, first, count)
        : Activations(layer - 1, first, count);

    /// <summary>dLoss/d(activations) from dLoss/d(what the layer hands on), in place (count x units): the same, where no units are dropped.</summary>
    internal void PropagateThroughDropout(int layer, int first, int count, Span<T> delta)
    {
        if (_dropped is { } dropped && dropped.IsIn(layer))
            dropped.Backward(layer, first, count, delta);
    }

    /// <summary>The outputs of a layer (count x units), before units are dropped.</summary>
    internal ReadOnlySpan<T> Activations(int layer, int first, int count)
    {
        var units = _network.Layers[layer].Units;
        return _activations[layer].Span.Slice(first * units, count * units);
    }

    /// <summary>The targets of a range (count x outputs).</summary>
    internal ReadOnlySpan<T> TargetsOf(int first, int count) =>
        _targets.Span.Slice(first * _network.OutputSize, count * _network.OutputSize);

    internal void CheckRange(int first, int count)
    {
        if (first < 0 || count < 0 || first > _examples - count)
            throw new ArgumentOutOfRangeException(
                nameof(first), $"The forward pass was over {_examples} examples, which [{first}, {first} + {count}) leaves.");
        if (first % _microBatchSize != 0)
            throw new ArgumentException(
                $"A range must begin at a micro-batch, a multiple of {_microBatchSize}, but begins at {first}.", nameof(first));
    }

    private void ForwardLayer(ReadOnlySpan<T> parameters, int layer)
    {
        var (kernel, bias) = (_layout.Kernel(layer), _layout.Bias(layer));
        var outputs = _activations[layer].Span[..(_examples * kernel.Columns)];
        MatrixKernels.Multiply(
            _examples, kernel.Rows, kernel.Columns, InputsOf(layer, 0, _examples),
            parameters.Slice(kernel.Offset, kernel.Length), parameters.Slice(bias.Offset, bias.Length), outputs);
        if (layer == _network.Layers.Length - 1 && _logits.Length > 0)
            outputs.CopyTo(_logits.Span);
        ActivationFunctions.Forward(_network.Layers[layer].Activation, kernel.Columns, outputs);
        if (_dropped is { } dropped && dropped.IsIn(layer))
            dropped.Forward(layer, outputs);
    }

    /// <summary>A node of the reduction tree, which splits at the largest power of two below its number of
    /// micro-batches.</summary>
    private LossStatistics MeasureNode(int first, int count)
    {
        if (count <= _microBatchSize)
            return MeasureMicroBatch(first, count);
        var microBatches = (uint)((count - 1) / _microBatchSize) + 1;
        var left = _microBatchSize * (int)(BitOperations.RoundUpToPowerOf2(microBatches) / 2);
        return LossStatistics.Add(MeasureNode(first, left), MeasureNode(first + left, count - left));
    }

    private LossStatistics MeasureMicroBatch(int first, int count)
    {
        var logitSize = _logits.Length > 0 ? _network.OutputSize : 0;
        var logits = _logits.Span.Slice(first * logitSize, count * logitSize);
        var exponentials = _exponentials.AsSpan(0, logits.Length);
        if (logitSize > 0)
            LossFunctions.Exponentials<T>(_network.Loss, logitSize, logits, exponentials);

        var sum = default(LossStatistics);
        for (var example = 0; example < count; example++)
        {
            var row = Activations(_network.Layers.Length - 1, first + example, 1);
            var targets = TargetsOf(first + example, 1);
            var at = example * logitSize;
            var loss = LossFunctions.OfExample(
                _network.Loss, row, logits.Slice(at, logitSize), exponentials.Slice(at, logitSize), targets);
            sum = LossStatistics.Add(sum, new LossStatistics(loss, Answers.IsCorrect(_network, row, targets) ? 1 : 0, 1));
        }

        return sum;
    }

    private AlignedVector<T> Rows(int columns) => (long)_maxExamples * columns <= Array.MaxLength
        ? new AlignedVector<T>(_maxExamples * columns)
        : throw new ArgumentException(
            $"{_maxExamples} examples of {columns} numbers are more than one buffer holds, {Array.MaxLength} numbers: use " +
            "smaller mini-batches.");

    private int Checked(int examples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(examples);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(examples, _maxExamples);
        return examples;
    }
}
