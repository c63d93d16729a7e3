using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>A network half described.</summary>
/// <remarks>
/// <code>
/// NetworkSpec.WithInputs(784).Dense(512, Activation.Relu).Dense(10, Activation.Softmax)
///     .Minimize(Loss.CategoricalCrossentropy)
/// </code>
/// Immutable: a common beginning may be continued in several ways.
/// </remarks>
public sealed class NetworkBuilder
{
    private readonly int _inputSize;
    private readonly ImmutableArray<DenseSpec> _layers;

    internal NetworkBuilder(int inputSize, ImmutableArray<DenseSpec> layers)
    {
        _inputSize = inputSize;
        _layers = layers;
    }

    /// <summary>The same network with one more dense layer behind the others.</summary>
    /// <param name="units">Width of the layer, at least 1.</param>
    /// <param name="activation">Applied to each unit (softmax: to the layer as a whole).</param>
    /// <param name="initializer">How the kernel is drawn; Keras's default.</param>
    public NetworkBuilder Dense(
        int units, Activation activation = Activation.Linear, Initializer initializer = Initializer.GlorotUniform) =>
        new(_inputSize, _layers.Add(new DenseSpec(units, activation, initializer)));

    /// <summary>The same network, whose last layer so far drops units while it is trained; a layer must follow.</summary>
    /// <param name="rate">Share of its units that each example goes without, in [0, 1).</param>
    /// <exception cref="InvalidOperationException">There is no layer yet.</exception>
    public NetworkBuilder Dropout(float rate) => _layers.IsEmpty
        ? throw new InvalidOperationException("Dropout needs a dense layer before it.")
        : new(_inputSize, _layers.SetItem(_layers.Length - 1, _layers[^1] with { Dropout = rate }));

    /// <summary>The finished network.</summary>
    /// <param name="loss">What training minimizes. A cross-entropy needs its activation at the output.</param>
    /// <exception cref="ArgumentException">The network cannot be trained; the message says why
    /// (<see cref="NetworkSpec.Validate"/>).</exception>
    public NetworkSpec Minimize(Loss loss)
    {
        var network = new NetworkSpec { InputSize = _inputSize, Layers = _layers, Loss = loss };
        network.Validate();
        return network;
    }
}
