using MathNet.Numerics.Random;

namespace DistNet.Neural.Tests;

/// <summary>Gradients against central differences in double precision, through the very code that trains.</summary>
public class GradientSpecs
{
    private const double Tolerance = 1e-7;
    private const int Examples = 7;
    private const int MicroBatch = 3;

    public static TheoryData<Activation, Activation, Loss> Combinations()
    {
        var data = new TheoryData<Activation, Activation, Loss>();
        foreach (var hidden in Enum.GetValues<Activation>())
        {
            data.Add(hidden, Activation.Softmax, Loss.CategoricalCrossentropy);
            data.Add(hidden, Activation.Sigmoid, Loss.BinaryCrossentropy);
            foreach (var output in Enum.GetValues<Activation>())
            {
                data.Add(hidden, output, Loss.MeanSquaredError);
                data.Add(hidden, output, Loss.HalfSquaredError);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Combinations))]
    public void Back_propagation_equals_central_differences(Activation hidden, Activation output, Loss loss) =>
        Assert.InRange(WorstRelativeError(Probe(hidden, output, loss), damage: 0), 0, Tolerance);

    [Fact]
    public void One_output_under_binary_crossentropy_equals_central_differences()
    {
        var network = NetworkSpec.WithInputs(3).Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy);
        Assert.InRange(WorstRelativeError(new GradientProbe(network, Examples, MicroBatch, seed: 5), damage: 0), 0, Tolerance);
    }

    [Fact]
    public void Three_hidden_layers_equal_central_differences()
    {
        var network = NetworkSpec.WithInputs(4).Dense(5, Activation.Tanh).Dense(3, Activation.Softmax).Dense(6, Activation.Sigmoid)
            .Dense(3, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        Assert.InRange(WorstRelativeError(new GradientProbe(network, Examples, MicroBatch, seed: 6), damage: 0), 0, Tolerance);
    }

    [Fact]
    public void Layers_that_drop_units_equal_central_differences_over_the_units_that_stay()
    {
        var network = NetworkSpec.WithInputs(4).Dense(12, Activation.Sigmoid).Dropout(0.4f).Dense(9, Activation.Tanh).Dropout(0.2f)
            .Dense(3, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        Assert.InRange(WorstRelativeError(new GradientProbe(network, Examples, MicroBatch, seed: 7), damage: 0), 0, Tolerance);
    }

    [Fact]
    public void A_gradient_that_is_wrong_by_a_millionth_is_caught() =>
        Assert.True(WorstRelativeError(Probe(Activation.Tanh, Activation.Softmax, Loss.CategoricalCrossentropy), damage: 1e-6) > Tolerance);

    private static GradientProbe Probe(Activation hidden, Activation output, Loss loss) =>
        new(NetworkSpec.WithInputs(3).Dense(4, hidden).Dense(3, output).Minimize(loss), Examples, MicroBatch, seed: 2); // a seed that keeps relu units off their kink

    /// <summary>The largest error of a tensor's gradient, relative to the tensor's largest gradient; worst over the tensors.</summary>
    private static double WorstRelativeError(GradientProbe probe, double damage)
    {
        var analytic = probe.GradientSum();
        var worst = 0.0;
        foreach (var tensor in probe.Layout.Tensors)
        {
            var (error, scale) = (0.0, 0.0);
            for (var index = tensor.Offset; index < tensor.Offset + tensor.Length; index++)
            {
                var numeric = probe.CentralDifference(index);
                error = Math.Max(error, Math.Abs((analytic[index] * (1 + damage)) - numeric));
                scale = Math.Max(scale, Math.Abs(numeric));
            }

            Assert.True(scale > 0, $"{tensor.Name} has no gradient to check.");
            worst = Math.Max(worst, error / scale);
        }

        return worst;
    }

    /// <summary>A network in double precision with random parameters and examples.</summary>
    private sealed class GradientProbe
    {
        private readonly Backpropagation<double> _backpropagation;
        private readonly double[] _parameters;
        private readonly int _examples;

        public GradientProbe(NetworkSpec network, int examples, int microBatch, int seed)
        {
            var random = new Xoshiro256StarStar(seed, threadSafe: false);
            Layout = ParameterLayout.For(network);
            _examples = examples;
            _parameters = [.. random.NextDoubles(Layout.Count).Select(value => (2 * value) - 1)];
            _backpropagation = new Backpropagation<double>(network, microBatch, examples);
            foreach (ref var input in _backpropagation.Inputs(examples))
                input = (2 * random.NextDouble()) - 1;
            foreach (ref var target in _backpropagation.Targets(examples))
                target = random.NextDouble(); // no one-hot rows: the formulas hold for any targets
            _backpropagation.Drop(seed, epoch: 1, [.. Enumerable.Range(0, examples)]);
        }

        public ParameterLayout Layout { get; }

        public double[] GradientSum()
        {
            var sum = new double[Layout.Count];
            _backpropagation.Forward(_parameters, _examples);
            _backpropagation.GradientSum(_parameters, 0, _examples, sum);
            return sum;
        }

        /// <summary>(8 (f(x + h) - f(x - h)) - (f(x + 2h) - f(x - 2h))) / 12h: error of order h^4.</summary>
        public double CentralDifference(int index)
        {
            const double H = 1e-3;
            return ((8 * (LossAt(index, H) - LossAt(index, -H))) - (LossAt(index, 2 * H) - LossAt(index, -2 * H))) / (12 * H);
        }

        private double LossAt(int index, double shift)
        {
            var kept = _parameters[index];
            _parameters[index] = kept + shift;
            _backpropagation.Forward(_parameters, _examples);
            _parameters[index] = kept;
            return _backpropagation.Measure(0, _examples).LossSum;
        }
    }
}
