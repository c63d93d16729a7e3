using DistNet.Neural.Kernels;

namespace DistNet;

/// <summary>A small network of sigmoid units as one computes it by hand, in double precision: the lecture's part F.</summary>
/// <remarks>
/// Layers are numbered from 1, the input layer, which has no weights. Weight w_jk(l) goes to unit j of layer l from unit k of layer l - 1. Written to
/// be read, one number at a time; DistNet.Neural computes the same with matrices.
/// </remarks>
internal sealed class HandNetwork
{
    private readonly int[] _sizes;
    private readonly double[][,] _weights; // of layer l at l - 1: unit j, unit k of the layer before, both from 0; the input layer's are empty
    private readonly double[][] _biases;
    private readonly double[][] _outputs; // a of each layer

    /// <summary>A network whose weights and biases are all 0.</summary>
    /// <param name="sizes">Units of each layer, the input layer first; at least two layers.</param>
    public HandNetwork(IReadOnlyList<int> sizes)
    {
        _sizes = [.. sizes];
        _weights = [.. _sizes.Select((units, layer) => new double[layer == 0 ? 0 : units, layer == 0 ? 0 : _sizes[layer - 1]])];
        _biases = [.. _sizes.Select((units, layer) => new double[layer == 0 ? 0 : units])];
        _outputs = [.. _sizes.Select(units => new double[units])];
    }

    /// <summary>Layers, the input layer among them.</summary>
    public int Layers => _sizes.Length;

    /// <summary>Units of a layer, from 1.</summary>
    public int Units(int layer) => _sizes[layer - 1];

    /// <summary>w_jk(l), all counted from 1.</summary>
    public ref double Weight(int layer, int unit, int from) => ref _weights[layer - 1][unit - 1, from - 1];

    /// <summary>b_j(l).</summary>
    public ref double Bias(int layer, int unit) => ref _biases[layer - 1][unit - 1];

    /// <summary>a_j(l) after <see cref="Loss"/>; of layer 1 the input.</summary>
    public double Output(int layer, int unit) => _outputs[layer - 1][unit - 1];

    /// <summary>Weights and biases: layer by layer, unit by unit, a unit's weights before its bias.</summary>
    public IEnumerable<Parameter> Parameters()
    {
        for (var layer = 2; layer <= Layers; layer++)
        {
            for (var unit = 1; unit <= Units(layer); unit++)
            {
                for (var from = 1; from <= Units(layer - 1); from++)
                    yield return new Parameter(layer, unit, from);
                yield return new Parameter(layer, unit, 0);
            }
        }
    }

    /// <summary>The number that a parameter stands for.</summary>
    public ref double this[Parameter parameter]
    {
        get
        {
            if (parameter.IsBias) return ref Bias(parameter.Layer, parameter.Unit);
            return ref Weight(parameter.Layer, parameter.Unit, parameter.From);
        }
    }

    /// <summary>Forward, layer by layer: z_j(l) = sum_k a_k(l-1) w_jk(l) + b_j(l), a_j(l) = sigmoid(z_j(l)); then E = sum_j 1/2 (t_j - a_j)^2.</summary>
    public double Loss(IReadOnlyList<double> input, IReadOnlyList<double> target)
    {
        for (var unit = 1; unit <= Units(1); unit++)
            _outputs[0][unit - 1] = input[unit - 1];
        for (var layer = 2; layer <= Layers; layer++)
        {
            for (var unit = 1; unit <= Units(layer); unit++)
                _outputs[layer - 1][unit - 1] = ElementaryFunctions.Sigmoid(Sum(layer, unit));
        }

        var loss = 0.0;
        for (var unit = 1; unit <= Units(Layers); unit++)
            loss += 0.5 * (target[unit - 1] - Output(Layers, unit)) * (target[unit - 1] - Output(Layers, unit));
        return loss;
    }

    /// <summary>z_j(l).</summary>
    public double Sum(int layer, int unit)
    {
        var sum = Bias(layer, unit);
        for (var from = 1; from <= Units(layer - 1); from++)
            sum += Output(layer - 1, from) * Weight(layer, unit, from);
        return sum;
    }

    /// <summary>dE/da_j(l): how the loss changes with a unit's output. Needs a <see cref="Loss"/> before.</summary>
    public double OutputDerivative(int layer, int unit, IReadOnlyList<double> target)
    {
        if (layer == Layers) return Output(layer, unit) - target[unit - 1];
        var sum = 0.0;
        for (var next = 1; next <= Units(layer + 1); next++)
            sum += Delta(layer + 1, next, target) * Weight(layer + 1, next, unit);
        return sum;
    }

    /// <summary>da_j(l)/dz_j(l) = a (1 - a).</summary>
    public double Slope(int layer, int unit) => Output(layer, unit) * (1 - Output(layer, unit));

    /// <summary>dE/dz_j(l).</summary>
    public double Delta(int layer, int unit, IReadOnlyList<double> target) => OutputDerivative(layer, unit, target) * Slope(layer, unit);

    /// <summary>dE/dw or dE/db, by the chain rule. Needs a <see cref="Loss"/> before.</summary>
    public double Derivative(Parameter parameter, IReadOnlyList<double> target) =>
        Delta(parameter.Layer, parameter.Unit, target) * (parameter.IsBias ? 1 : Output(parameter.Layer - 1, parameter.From));

    /// <summary>(E(w + h) - E(w - h)) / 2h: two forward passes for one parameter.</summary>
    public double NumericalDerivative(Parameter parameter, IReadOnlyList<double> input, IReadOnlyList<double> target)
    {
        const double h = 1e-5;
        var kept = this[parameter];
        this[parameter] = kept + h;
        var above = Loss(input, target);
        this[parameter] = kept - h;
        var below = Loss(input, target);
        this[parameter] = kept;
        Loss(input, target);
        return (above - below) / (2 * h);
    }
}

/// <summary>A weight or bias of a <see cref="HandNetwork"/>; all counted from 1.</summary>
/// <param name="Layer">The layer it belongs to, from 2.</param>
/// <param name="Unit">The unit it goes to.</param>
/// <param name="From">The unit of the layer before that a weight comes from; 0 for a bias.</param>
internal readonly record struct Parameter(int Layer, int Unit, int From)
{
    /// <summary>Whether it is a bias.</summary>
    public bool IsBias => From == 0;

    /// <summary>w12(3), b1(2).</summary>
    public override string ToString() => IsBias ? $"b{Unit}({Layer})" : $"w{Unit}{Separator}{From}({Layer})";

    // w1,12(2) and w11,2(2) are two weights.
    private string Separator => Unit > 9 || From > 9 ? "," : "";
}
