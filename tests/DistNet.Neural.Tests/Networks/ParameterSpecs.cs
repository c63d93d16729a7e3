namespace DistNet.Neural.Tests;

public class ParameterSpecs
{
    private static readonly NetworkSpec Lecture =
        NetworkSpec.WithInputs(784).Dense(512, Activation.Relu).Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);

    [Fact]
    public void The_lectures_network_has_407050_parameters_in_kernel_bias_order()
    {
        var layout = ParameterLayout.For(Lecture);
        Assert.Equal(407_050, layout.Count);
        Assert.Equal(
            [
                new ParameterTensor("dense_0/kernel", 0, 784, 512, 0, true),
                new ParameterTensor("dense_0/bias", 0, 1, 512, 401_408, false),
                new ParameterTensor("dense_1/kernel", 1, 512, 10, 401_920, true),
                new ParameterTensor("dense_1/bias", 1, 1, 10, 407_040, false),
            ],
            layout.Tensors.AsEnumerable());
    }

    [Theory]
    [InlineData(0, "dense_0/kernel")]
    [InlineData(401_407, "dense_0/kernel")]
    [InlineData(401_408, "dense_0/bias")]
    [InlineData(407_049, "dense_1/bias")]
    public void A_parameter_lies_in_the_tensor_that_covers_it(int index, string name) =>
        Assert.Equal(name, ParameterLayout.For(Lecture).TensorAt(index).Name);

    [Fact]
    public void No_tensor_lies_outside_the_vector()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => ParameterLayout.For(Lecture).TensorAt(-1));
        Assert.Throws<ArgumentOutOfRangeException>(() => ParameterLayout.For(Lecture).TensorAt(407_050));
    }

    /// <summary>Glorot and Bengio 2010, equation 16; He et al. 2015, for a uniform distribution.</summary>
    [Theory]
    [InlineData(Initializer.GlorotUniform, 0.068041381743977)] // sqrt(6 / 1296)
    [InlineData(Initializer.HeUniform, 0.087481776527970)] // sqrt(6 / 784)
    public void Kernels_fill_the_range_of_their_initializer_evenly(Initializer initializer, double limit)
    {
        var network = NetworkSpec.WithInputs(784).Dense(512, Activation.Relu, initializer).Minimize(Loss.MeanSquaredError);
        var kernel = ParameterInitializer.Create(network, 3).AsSpan(0, 784 * 512).ToArray();
        Assert.InRange(kernel.Max(), limit * 0.999, limit);
        Assert.InRange(kernel.Min(), -limit, -limit * 0.999);
        Assert.Equal(0, kernel.Average(), limit * 0.005);
        Assert.Equal(limit * limit / 3, kernel.Average(value => (double)value * value), limit * limit * 0.005);
    }

    [Fact]
    public void Biases_begin_at_zero()
    {
        var bias = ParameterLayout.For(Lecture).Bias(0);
        Assert.All(ParameterInitializer.Create(Lecture, 3).AsSpan(bias.Offset, bias.Length).ToArray(), value => Assert.Equal(0, value));
    }

    [Fact]
    public void Seeds_give_unrelated_parameters_and_the_same_seed_the_same()
    {
        Assert.Equal(ParameterInitializer.Create(Lecture, 3), ParameterInitializer.Create(Lecture, 3));
        var (one, other) = (ParameterInitializer.Create(Lecture, 3), ParameterInitializer.Create(Lecture, 4));
        Assert.InRange(one.Zip(other).Count(pair => pair.First == pair.Second), 522, 540); // the biases, and hardly a weight
    }

    [Fact]
    public void A_layer_added_behind_changes_nothing_before_it()
    {
        var longer = NetworkSpec.WithInputs(784).Dense(512, Activation.Relu).Dense(10, Activation.Tanh).Dense(4).Minimize(Loss.MeanSquaredError);
        Assert.Equal(ParameterInitializer.Create(Lecture, 3), ParameterInitializer.Create(longer, 3)[..407_050]);
    }

    [Fact]
    public void Layers_of_equal_shape_are_drawn_from_streams_of_their_own()
    {
        var network = NetworkSpec.WithInputs(8).Dense(8).Dense(8).Minimize(Loss.MeanSquaredError);
        var parameters = ParameterInitializer.Create(network, 3);
        Assert.NotEqual(parameters[..64], parameters[72..136]);
    }
}
