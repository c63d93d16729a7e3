using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests;

/// <summary>Losses and answers of one example, by hand.</summary>
public class LossSpecs
{
    /// <summary>Network of one layer whose kernel is the identity, so that the inputs are z.</summary>
    private static LossStatistics Measure(Loss loss, Activation activation, double[] z, double[] targets)
    {
        var network = NetworkSpec.WithInputs(z.Length).Dense(z.Length, activation).Minimize(loss);
        var parameters = new double[(z.Length + 1) * z.Length];
        for (var unit = 0; unit < z.Length; unit++)
            parameters[(unit * z.Length) + unit] = 1;
        var backpropagation = new Backpropagation<double>(network, 1, 1);
        z.CopyTo(backpropagation.Inputs(1));
        targets.CopyTo(backpropagation.Targets(1));
        backpropagation.Forward(parameters, 1);
        return backpropagation.Measure(0, 1);
    }

    [Theory]
    [InlineData(0, 0, 0.69314718055994531)] // log 2
    [InlineData(1, 0, 0.31326168751822286)] // log(1 + 1/e)
    [InlineData(0, 1000, 1000)] // naively log(0)
    [InlineData(40, 0, 4.248354255291589e-18)] // naively 0
    public void Categorical_crossentropy_keeps_its_digits(double right, double wrong, double expected) =>
        AssertRelative(expected, Measure(Loss.CategoricalCrossentropy, Activation.Softmax, [right, wrong], [1, 0]).LossSum, 1e-14);

    [Theory]
    [InlineData(0, 1, 0.69314718055994531)]
    [InlineData(2, 1, 0.12692801104297250)] // log(1 + e^-2)
    [InlineData(2, 0, 2.1269280110429727)] // log(1 + e^2)
    [InlineData(-1000, 1, 1000)]
    [InlineData(50, 1, 1.9287498479639178e-22)]
    [InlineData(2, 0.25, 1.6269280110429727)] // a target between the classes
    public void Binary_crossentropy_keeps_its_digits(double z, double target, double expected) =>
        AssertRelative(expected, Measure(Loss.BinaryCrossentropy, Activation.Sigmoid, [z], [target]).LossSum, 1e-14);

    /// <summary>Keras: binary cross-entropy and mean squared error are means over the outputs, categorical cross-entropy a sum.</summary>
    [Fact]
    public void Losses_over_several_outputs_are_scaled_as_in_keras()
    {
        var two = Math.Log(2);
        AssertRelative(two, Measure(Loss.BinaryCrossentropy, Activation.Sigmoid, [0, 0, 0], [1, 0, 1]).LossSum, 1e-15);
        AssertRelative(14.0 / 3, Measure(Loss.MeanSquaredError, Activation.Linear, [1, 2, 3], [0, 0, 0]).LossSum, 1e-15);
        AssertRelative(7, Measure(Loss.HalfSquaredError, Activation.Linear, [1, 2, 3], [0, 0, 0]).LossSum, 1e-15);
        AssertRelative(2 * two, Measure(Loss.CategoricalCrossentropy, Activation.Softmax, [0, 0], [1, 1]).LossSum, 1e-15);
    }

    [Theory]
    [InlineData(new[] { 1.0, 2, 2 }, new[] { 0.0, 1, 0 }, 1)] // the first of equal outputs counts
    [InlineData(new[] { 1.0, 2, 2 }, new[] { 0.0, 0, 1 }, 0)]
    [InlineData(new[] { 3.0, 2, 2 }, new[] { 1.0, 0, 0 }, 1)]
    public void The_largest_output_is_the_answer(double[] z, double[] targets, int correct) =>
        Assert.Equal(correct, Measure(Loss.CategoricalCrossentropy, Activation.Softmax, z, targets).Correct);

    [Theory]
    [InlineData(0.1, 1, 1)]
    [InlineData(0, 1, 0)] // 0.5 is not above the threshold
    [InlineData(-0.1, 0, 1)]
    public void One_sigmoid_output_answers_yes_above_a_half(double z, double target, int correct) =>
        Assert.Equal(correct, Measure(Loss.BinaryCrossentropy, Activation.Sigmoid, [z], [target]).Correct);

    [Fact]
    public void A_regression_has_no_correct_answers() =>
        Assert.Equal(0, Measure(Loss.MeanSquaredError, Activation.Linear, [1], [1]).Correct);

    [Fact]
    public void Softmax_survives_large_inputs()
    {
        var network = NetworkSpec.WithInputs(1).Dense(2, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        var pass = new ForwardPass<float>(network, 1, 1);
        pass.Inputs(1)[0] = 1;
        pass.Forward([10_000, 10_001, 0, 0], 1);
        Assert.Equal(1 / (1 + ElementaryFunctions.Exp(1.0)), pass.Outputs(1)[0], 1e-6);
        Assert.Equal(1, pass.Outputs(1)[0] + pass.Outputs(1)[1], 1e-6);
    }

    private static void AssertRelative(double expected, double actual, double tolerance) =>
        Assert.InRange(actual, expected - (tolerance * Math.Abs(expected)), expected + (tolerance * Math.Abs(expected)));
}
