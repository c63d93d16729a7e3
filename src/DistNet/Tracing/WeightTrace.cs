using DistNet.Neural;

namespace DistNet;

/// <summary>The derivative of the loss by one weight, for one example at a time, in double precision: whole and in its factors.</summary>
/// <remarks>Without dropout and distortion, which belong to training steps.</remarks>
internal sealed class WeightTrace
{
    private const double H = 1e-5; // of the central difference: its error is of order h^2, and that of rounding of order 1e-16 / h

    private readonly NetworkSpec _network;
    private readonly ParameterLayout _layout;
    private readonly IExampleSet _examples;
    private readonly TracedUnit _traced;
    private readonly double[] _parameters;
    private readonly double[] _gradient;
    private readonly Backpropagation<double> _pass;
    private readonly float[] _inputs;
    private readonly float[] _targets;

    /// <summary>A trace of one weight.</summary>
    /// <param name="model">The model.</param>
    /// <param name="examples">The examples it may be asked for.</param>
    /// <param name="traced">The weight.</param>
    public WeightTrace(Model model, IExampleSet examples, TracedUnit traced)
    {
        (_network, _examples, _traced) = (model.Spec.Network, examples, traced);
        _layout = ParameterLayout.For(_network);
        _parameters = [.. model.Parameters.Select(value => (double)value)];
        _gradient = new double[_parameters.Length];
        _pass = new Backpropagation<double>(_network, 1, 1);
        (_inputs, _targets) = (new float[_network.InputSize], new float[_network.OutputSize]);
    }

    /// <summary>The layer the weight belongs to.</summary>
    private int Layer => _traced.Tensor.Layer;

    /// <summary>dE/dw by back-propagation.</summary>
    public double Derivative(int example)
    {
        Load(example);
        _pass.Forward(_parameters, 1);
        _pass.GradientSum(_parameters, 0, 1, _gradient);
        return _gradient[_traced.Index];
    }

    /// <summary>(E(w + h) - E(w - h)) / 2h.</summary>
    public double NumericalDerivative(int example)
    {
        Load(example);
        var kept = _parameters[_traced.Index];
        var difference = LossAt(kept + H) - LossAt(kept - H);
        _parameters[_traced.Index] = kept;
        return difference / (2 * H);

        double LossAt(double value)
        {
            _parameters[_traced.Index] = value;
            _pass.Forward(_parameters, 1);
            return _pass.Measure(0, 1).LossSum;
        }
    }

    /// <summary>The factors of <see cref="Derivative"/>.</summary>
    public TraceFactors Factors(int example)
    {
        var whole = Derivative(example); // leaves the gradient, whose biases' part is dE/dz of each unit
        var input = _traced.Tensor.IsKernel ? ActivationsBefore(Layer)[_traced.From] : 1;
        var output = ActivationsBefore(Layer + 1)[_traced.Unit];
        var delta = _gradient[_layout.Bias(Layer).Offset + _traced.Unit];
        var isOutput = Layer + 1 == _network.Layers.Length;
        return new TraceFactors(whole, input, output, delta, isOutput ? _targets[_traced.Unit] : 0, isOutput ? [] : Terms());
    }

    // dE/da of a hidden unit: what comes back from each unit of the next layer.
    private TraceTerm[] Terms()
    {
        var (kernel, bias) = (_layout.Kernel(Layer + 1), _layout.Bias(Layer + 1));
        return
        [
            .. Enumerable.Range(0, kernel.Columns).Select(unit => new TraceTerm(
                unit, _gradient[bias.Offset + unit], _parameters[kernel.Offset + (_traced.Unit * kernel.Columns) + unit])),
        ];
    }

    // The outputs of the network cut off before a layer; of layer 0, the inputs.
    private double[] ActivationsBefore(int layer)
    {
        if (layer == 0) return [.. _inputs.Select(value => (double)value)];
        if (layer == _network.Layers.Length) return [.. _pass.Outputs(1)];
        var cut = _network with { Layers = _network.Layers[..layer], Loss = Loss.HalfSquaredError };
        var pass = new ForwardPass<double>(cut, 1, 1);
        for (var i = 0; i < _inputs.Length; i++) pass.Inputs(1)[i] = _inputs[i];
        pass.Forward(_parameters.AsSpan(0, ParameterLayout.For(cut).Count), 1);
        return [.. pass.Outputs(1)];
    }

    private void Load(int example)
    {
        _examples.Gather([example], _inputs, _targets);
        for (var i = 0; i < _inputs.Length; i++) _pass.Inputs(1)[i] = _inputs[i];
        for (var i = 0; i < _targets.Length; i++) _pass.Targets(1)[i] = _targets[i];
    }
}

/// <summary>dE/dw = dE/da * da/dz * dz/dw.</summary>
/// <param name="Whole">dE/dw.</param>
/// <param name="Input">dz/dw: what the weight is multiplied with; 1 for a bias.</param>
/// <param name="Output">a: the unit's output.</param>
/// <param name="Delta">dE/dz of the unit.</param>
/// <param name="Target">What an output unit should be.</param>
/// <param name="Terms">What dE/da of a hidden unit is the sum of; empty for an output unit.</param>
internal sealed record TraceFactors(double Whole, double Input, double Output, double Delta, double Target, IReadOnlyList<TraceTerm> Terms);

/// <summary>The part that one unit of the next layer has in dE/da.</summary>
/// <param name="Unit">The unit.</param>
/// <param name="Delta">dE/dz of it.</param>
/// <param name="Weight">Of the line to it.</param>
internal sealed record TraceTerm(int Unit, double Delta, double Weight)
{
    /// <summary>Delta * Weight.</summary>
    public double Product => Delta * Weight;
}
