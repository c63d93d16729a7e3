using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>What a dense network is: its input size, its layers in order, and the loss it minimizes. Nothing that training
/// changes.</summary>
/// <remarks>Equal specifications give equal parameters for equal seeds. Built fluently, or read from JSON.</remarks>
public sealed record NetworkSpec
{
    /// <summary>Inputs per example (784 for MNIST).</summary>
    public required int InputSize { get; init; }

    /// <summary>The dense layers, first hidden layer first, output layer last.</summary>
    public required ImmutableArray<DenseSpec> Layers { get; init; }

    /// <summary>The loss that training minimizes, a mean over the mini-batch.</summary>
    public required Loss Loss { get; init; }

    /// <summary>Units of the output layer.</summary>
    public int OutputSize => Layers[^1].Units;

    /// <summary>Begins a network; layers and the loss follow.</summary>
    /// <param name="inputSize">Inputs per example, at least 1.</param>
    public static NetworkBuilder WithInputs(int inputSize) => new(inputSize, []);

    /// <summary>Checks that the network can be built and trained.</summary>
    /// <exception cref="ArgumentException">It cannot; the message is one sentence that begins with the JSON path of the offending
    /// member.</exception>
    public void Validate()
    {
        if (NetworkRules.FirstProblem(this) is { } problem)
            throw new ArgumentException(problem);
    }

    /// <inheritdoc/>
    public bool Equals(NetworkSpec? other) =>
        other is not null && InputSize == other.InputSize && Loss == other.Loss && Layers.SequenceEqual(other.Layers);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(InputSize, Loss, Layers.Length, OutputSize);
}

/// <summary>A dense layer: a = activation(W x + b), every unit connected to every input.</summary>
/// <param name="Units">Width of the layer, at least 1.</param>
/// <param name="Activation">Applied to each unit (softmax: to the layer as a whole).</param>
/// <param name="Initializer">How the kernel is drawn; biases start at zero, as Keras's do.</param>
public sealed record DenseSpec(int Units, Activation Activation, Initializer Initializer = Initializer.GlorotUniform)
{
    /// <summary>Share of a hidden layer's units that each example goes without in training, in [0, 1); 0 drops none. Evaluation uses all units.</summary>
    /// <remarks>As Keras does it: the activations that stay are divided by 1 - Dropout (Srivastava et al. 2014).</remarks>
    public float Dropout { get; init; }
}

/// <summary>Activation functions.</summary>
public enum Activation
{
    /// <summary>a = z.</summary>
    Linear,

    /// <summary>a = max(z, 0).</summary>
    Relu,

    /// <summary>a = 1 / (1 + exp(-z)).</summary>
    Sigmoid,

    /// <summary>a = tanh(z).</summary>
    Tanh,

    /// <summary>a_i = exp(z_i) / sum_j exp(z_j).</summary>
    Softmax,
}

/// <summary>Loss functions, each a mean over the mini-batch's examples.</summary>
public enum Loss
{
    /// <summary>-sum_i t_i log a_i, over a softmax output; fused with it.</summary>
    CategoricalCrossentropy,

    /// <summary>-mean_i (t_i log a_i + (1 - t_i) log(1 - a_i)), over sigmoid outputs; fused with them.</summary>
    BinaryCrossentropy,

    /// <summary>mean_i (t_i - a_i)^2.</summary>
    MeanSquaredError,

    /// <summary>The lecture's 1/2 sum_i (t_i - a_i)^2.</summary>
    HalfSquaredError,
}

/// <summary>How a kernel is drawn before training; uniform, so that no transcendental function is needed.</summary>
public enum Initializer
{
    /// <summary>U(-l, l) with l = sqrt(6 / (inputs + units)). Glorot and Bengio 2010.</summary>
    GlorotUniform,

    /// <summary>U(-l, l) with l = sqrt(6 / inputs). He et al. 2015.</summary>
    HeUniform,
}
