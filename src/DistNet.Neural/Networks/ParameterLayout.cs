using System.Collections.Immutable;

namespace DistNet.Neural;

/// <summary>Where each tensor lies in the parameter vector: per layer the kernel (inputs x units, row-major), then the
/// bias.</summary>
public sealed class ParameterLayout
{
    private ParameterLayout(ImmutableArray<ParameterTensor> tensors)
    {
        Tensors = tensors;
        Count = tensors[^1].Offset + tensors[^1].Length;
    }

    /// <summary>Parameters in the whole vector.</summary>
    public int Count { get; }

    /// <summary>The tensors in order: kernel and bias of layer 0, kernel and bias of layer 1, and so on. They cover the vector
    /// without gaps.</summary>
    public ImmutableArray<ParameterTensor> Tensors { get; }

    /// <summary>The layout of a network.</summary>
    /// <exception cref="ArgumentException">The network is impossible.</exception>
    public static ParameterLayout For(NetworkSpec network)
    {
        ArgumentNullException.ThrowIfNull(network);
        network.Validate();
        var tensors = ImmutableArray.CreateBuilder<ParameterTensor>(2 * network.Layers.Length);
        var (inputs, offset) = (network.InputSize, 0);
        for (var layer = 0; layer < network.Layers.Length; layer++)
        {
            var units = network.Layers[layer].Units;
            tensors.Add(new ParameterTensor($"dense_{layer}/kernel", layer, inputs, units, offset, IsKernel: true));
            tensors.Add(new ParameterTensor($"dense_{layer}/bias", layer, 1, units, offset + (inputs * units), IsKernel: false));
            offset += (inputs + 1) * units;
            inputs = units;
        }

        return new ParameterLayout(tensors.MoveToImmutable());
    }

    /// <summary>The kernel of a layer.</summary>
    public ParameterTensor Kernel(int layer) => Tensors[2 * layer];

    /// <summary>The bias of a layer.</summary>
    public ParameterTensor Bias(int layer) => Tensors[(2 * layer) + 1];

    /// <summary>The tensor that holds a parameter.</summary>
    /// <param name="index">Index into the parameter vector, in [0, Count).</param>
    /// <exception cref="ArgumentOutOfRangeException">The index lies outside.</exception>
    public ParameterTensor TensorAt(int index)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, Count);
        var tensor = 0;
        while (index >= Tensors[tensor].Offset + Tensors[tensor].Length)
            tensor++;
        return Tensors[tensor];
    }
}

/// <summary>A kernel or bias within the parameter vector.</summary>
/// <param name="Name">"dense_0/kernel", "dense_0/bias", "dense_1/kernel", ...</param>
/// <param name="Layer">Index of its layer.</param>
/// <param name="Rows">Inputs of the layer for a kernel, 1 for a bias.</param>
/// <param name="Columns">Units of the layer.</param>
/// <param name="Offset">Index of its first number in the vector.</param>
/// <param name="IsKernel">Whether weight decay applies.</param>
public sealed record ParameterTensor(string Name, int Layer, int Rows, int Columns, int Offset, bool IsKernel)
{
    /// <summary>Numbers in the tensor.</summary>
    public int Length => Rows * Columns;
}
