using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>Gradients by back-propagation: forward once over a block of examples, then gradient sums of any of its tree
/// nodes.</summary>
/// <typeparam name="T">float to train, double to check gradients; the code is the same.</typeparam>
/// <remarks>
/// With d_l = dLoss/dz_l: dLoss/dW_l = a_(l-1)^T d_l, dLoss/db_l = column sums of d_l, d_(l-1) = (d_l W_l^T)
/// activation'(z_(l-1)).
/// Rumelhart, Hinton and Williams 1986. Owns its buffers and allocates nothing per call. Used by one thread.
/// </remarks>
public sealed class Backpropagation<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec _network;
    private readonly ParameterLayout _layout;
    private readonly int _microBatchSize;
    private readonly ForwardPass<T> _pass;
    private readonly AlignedVector<T>[] _deltas; // dLoss/dz of each layer (examples x units)

    /// <summary>Room for a block of examples.</summary>
    /// <param name="network">The network.</param>
    /// <param name="microBatchSize">Examples per micro-batch, at least 1.</param>
    /// <param name="maxExamples">Most examples of a block, at least 1.</param>
    /// <exception cref="ArgumentException">The network is impossible, a size is less than 1, or the buffers would be too
    /// large.</exception>
    public Backpropagation(NetworkSpec network, int microBatchSize, int maxExamples)
    {
        _pass = new ForwardPass<T>(network, microBatchSize, maxExamples);
        _layout = ParameterLayout.For(network);
        (_network, _microBatchSize) = (network, microBatchSize);
        _deltas = [.. network.Layers.Select(layer => new AlignedVector<T>(maxExamples * layer.Units))];
    }

    /// <inheritdoc cref="ForwardPass{T}.Inputs"/>
    public Span<T> Inputs(int examples) => _pass.Inputs(examples);

    /// <inheritdoc cref="ForwardPass{T}.Targets"/>
    public Span<T> Targets(int examples) => _pass.Targets(examples);

    /// <inheritdoc cref="ForwardPass{T}.Drop"/>
    public void Drop(int seed, int epoch, ReadOnlySpan<int> examples) => _pass.Drop(seed, epoch, examples);

    /// <inheritdoc cref="ForwardPass{T}.Forward"/>
    public void Forward(ReadOnlySpan<T> parameters, int examples) => _pass.Forward(parameters, examples);

    /// <inheritdoc cref="ForwardPass{T}.Outputs"/>
    public ReadOnlySpan<T> Outputs(int examples) => _pass.Outputs(examples);

    /// <inheritdoc cref="ForwardPass{T}.Measure"/>
    public LossStatistics Measure(int first, int count) => _pass.Measure(first, count);

    /// <summary>The sum, not the mean, of dLoss/dParameters over the examples [first, first + count) of the last
    /// <see cref="Forward"/>.</summary>
    /// <param name="parameters">The parameters of that forward pass.</param>
    /// <param name="first">First example; the beginning of a micro-batch.</param>
    /// <param name="count">Examples: those of one node of the reduction tree.</param>
    /// <param name="sum">As long as the parameters; overwritten.</param>
    /// <remarks>Within the range, micro-batches are added along the reduction tree, so the sums of sibling nodes, added, are
    /// their parent's to the bit.</remarks>
    /// <exception cref="ArgumentException">A vector has the wrong length, or the range leaves the examples or does not begin at a
    /// micro-batch.</exception>
    public void GradientSum(ReadOnlySpan<T> parameters, int first, int count, Span<T> sum)
    {
        CheckLength(parameters.Length, nameof(parameters));
        CheckLength(sum.Length, nameof(sum));
        _pass.CheckRange(first, count);
        var output = _network.Layers.Length - 1;
        LossFunctions.Backward(
            _network.Loss, _network.Layers[output].Activation, _network.OutputSize,
            _pass.Activations(output, first, count), _pass.TargetsOf(first, count), Delta(output, first, count));
        for (var layer = output; layer >= 0; layer--)
        {
            SumLayer(layer, first, count, sum);
            if (layer > 0) // nothing lies before layer 0 that would need its inputs' gradient
                PropagateInto(layer - 1, parameters, first, count);
        }
    }

    /// <summary>dLoss/dW and dLoss/db of a layer, summed.</summary>
    private void SumLayer(int layer, int first, int count, Span<T> sum)
    {
        var (kernel, bias) = (_layout.Kernel(layer), _layout.Bias(layer));
        var delta = Delta(layer, first, count);
        MatrixKernels.GradientSum<T>(
            count, _microBatchSize, kernel.Rows, kernel.Columns,
            _pass.InputsOf(layer, first, count), delta, sum.Slice(kernel.Offset, kernel.Length));
        MatrixKernels.ColumnSum<T>(count, _microBatchSize, bias.Columns, delta, sum.Slice(bias.Offset, bias.Length));
    }

    /// <summary>dLoss/dz of a layer from that of the next.</summary>
    private void PropagateInto(int layer, ReadOnlySpan<T> parameters, int first, int count)
    {
        var kernel = _layout.Kernel(layer + 1); // (units of this layer x units of the next)
        var delta = Delta(layer, first, count);
        MatrixKernels.MultiplyTransposed<T>(
            count, kernel.Columns, kernel.Rows, Delta(layer + 1, first, count), parameters.Slice(kernel.Offset, kernel.Length), delta);
        _pass.PropagateThroughDropout(layer, first, count, delta);
        ActivationFunctions.Backward(_network.Layers[layer].Activation, kernel.Rows, _pass.Activations(layer, first, count), delta);
    }

    private Span<T> Delta(int layer, int first, int count)
    {
        var units = _network.Layers[layer].Units;
        return _deltas[layer].Span.Slice(first * units, count * units);
    }

    private void CheckLength(int length, string name)
    {
        if (length != _layout.Count)
            throw new ArgumentException($"The network has {_layout.Count} parameters, but the vector holds {length}.", name);
    }
}
