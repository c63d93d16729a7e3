using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural;

/// <summary>The units that each example of a block goes without, and what the others hand on: a / (1 - rate).</summary>
/// <typeparam name="T">float to train, double to check gradients.</typeparam>
/// <remarks>Srivastava et al. 2014, "Dropout"; scaled in training, as Keras does, so that evaluation uses activations as they are.</remarks>
internal sealed class DroppedUnits<T>
    where T : unmanaged, IBinaryFloatingPointIeee754<T>
{
    private readonly NetworkSpec _network;
    private readonly AlignedVector<T>[] _factors; // of each layer, examples x units: 0 or 1 / (1 - rate); empty where it drops none
    private readonly AlignedVector<T>[] _outputs; // activations times factors

    /// <summary>Room for a block of examples.</summary>
    public DroppedUnits(NetworkSpec network, int maxExamples)
    {
        _network = network;
        _factors = [.. network.Layers.Select(layer => Rows(layer, maxExamples))];
        _outputs = [.. network.Layers.Select(layer => Rows(layer, maxExamples))];
    }

    /// <summary>Whether the layer drops units.</summary>
    public bool IsIn(int layer) => _network.Layers[layer].Dropout > 0;

    /// <summary>Draws for each example anew; the first of them is the block's first.</summary>
    public void Draw(int seed, int epoch, ReadOnlySpan<int> examples)
    {
        for (var layer = 0; layer < _factors.Length; layer++)
        {
            if (!IsIn(layer))
                continue;
            for (var row = 0; row < examples.Length; row++)
                DrawRow(CounterBits.For(seed, Chance.DropoutStream, layer, epoch, examples[row]), _network.Layers[layer].Dropout, Row(_factors, layer, row, 1));
        }
    }

    /// <summary>What a layer hands on, after <see cref="Forward"/> (count x units).</summary>
    public ReadOnlySpan<T> Outputs(int layer, int first, int count) => Row(_outputs, layer, first, count);

    /// <summary>Hands on the activations of the block's first examples (examples x units).</summary>
    public void Forward(int layer, ReadOnlySpan<T> activations) =>
        ElementwiseProduct.Of(activations, _factors[layer].Span[..activations.Length], _outputs[layer].Span[..activations.Length]);

    /// <summary>dLoss/d(handed on) in, dLoss/d(activations) out (count x units).</summary>
    public void Backward(int layer, int first, int count, Span<T> delta) => ElementwiseProduct.Of(delta, Row(_factors, layer, first, count), delta);

    // 32 bits decide on a unit: a rate is met to 2^-32. Looked up, since a processor cannot foresee which way a branch on random bits goes.
    private static void DrawRow(CounterBits bits, float rate, Span<T> factors)
    {
        var threshold = (ulong)(rate * 4294967296.0);
        ReadOnlySpan<T> choices = [T.CreateChecked(1 / (1 - (double)rate)), T.Zero];
        for (var unit = 0; unit < factors.Length; unit += 2)
        {
            var pair = bits[unit / 2];
            factors[unit] = choices[IsBelow((uint)pair, threshold)];
            if (unit + 1 < factors.Length)
                factors[unit + 1] = choices[IsBelow(pair >> 32, threshold)];
        }
    }

    /// <summary>1 if so, 0 if not.</summary>
    private static int IsBelow(ulong bits, ulong threshold) => (int)(unchecked(bits - threshold) >> 63);

    private Span<T> Row(AlignedVector<T>[] rows, int layer, int first, int count)
    {
        var units = _network.Layers[layer].Units;
        return rows[layer].Span.Slice(first * units, count * units);
    }

    private static AlignedVector<T> Rows(DenseSpec layer, int examples) => new(layer.Dropout > 0 ? examples * layer.Units : 0);
}
