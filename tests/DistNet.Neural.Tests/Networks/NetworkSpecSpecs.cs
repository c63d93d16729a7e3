namespace DistNet.Neural.Tests;

public class NetworkSpecSpecs
{
    private static readonly NetworkBuilder Beginning = NetworkSpec.WithInputs(784).Dense(512, Activation.Relu);

    [Fact]
    public void A_network_is_built_fluently()
    {
        var network = Beginning.Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        Assert.Equal(784, network.InputSize);
        Assert.Equal([new DenseSpec(512, Activation.Relu), new DenseSpec(10, Activation.Softmax)], network.Layers.AsEnumerable());
        Assert.Equal(10, network.OutputSize);
    }

    [Fact]
    public void A_common_beginning_may_be_continued_in_several_ways()
    {
        var (one, other) = (Beginning.Dense(10).Minimize(Loss.MeanSquaredError), Beginning.Dense(3).Minimize(Loss.MeanSquaredError));
        Assert.Equal((10, 3), (one.OutputSize, other.OutputSize));
    }

    [Fact]
    public void Networks_with_equal_layers_are_equal()
    {
        var network = Beginning.Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);
        Assert.Equal(Beginning.Dense(10, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy), network);
        Assert.NotEqual(Beginning.Dense(10, Activation.Softmax, Initializer.HeUniform).Minimize(Loss.CategoricalCrossentropy), network);
    }

    [Theory]
    [InlineData(0, 5, Activation.Linear, Loss.MeanSquaredError, "network.inputs must be at least 1, but is 0.")]
    [InlineData(5, 0, Activation.Linear, Loss.MeanSquaredError, "network.layers[0].units must be at least 1, but is 0.")]
    [InlineData(5, 2, Activation.Relu, Loss.CategoricalCrossentropy, "network.layers[0].activation must be softmax, because the loss categorical_crossentropy is computed together with it, but is relu.")]
    [InlineData(5, 2, Activation.Softmax, Loss.BinaryCrossentropy, "network.layers[0].activation must be sigmoid, because the loss binary_crossentropy is computed together with it, but is softmax.")]
    [InlineData(100_000, 100_000, Activation.Linear, Loss.MeanSquaredError, "network.layers make more than 2147483591 parameters, the most that one vector holds: use fewer inputs or units.")]
    [InlineData(int.MaxValue, int.MaxValue, Activation.Linear, Loss.MeanSquaredError, "network.layers make more than 2147483591 parameters, the most that one vector holds: use fewer inputs or units.")]
    [InlineData(5, 2, (Activation)9, Loss.MeanSquaredError, "network.layers[0].activation is 9, which is no activation DistNet knows: choose linear, relu, sigmoid, tanh or softmax.")]
    [InlineData(5, 2, Activation.Linear, (Loss)9, "network.loss is 9, which is no loss DistNet knows: choose categorical_crossentropy, binary_crossentropy, mean_squared_error or half_squared_error.")]
    public void An_impossible_network_is_refused_in_one_sentence(int inputs, int units, Activation activation, Loss loss, string expected) =>
        Assert.Equal(expected, Assert.Throws<ArgumentException>(() => NetworkSpec.WithInputs(inputs).Dense(units, activation).Minimize(loss)).Message);

    [Fact]
    public void A_network_without_layers_is_refused() =>
        Assert.Equal(
            "network.layers must hold at least one dense layer, but is empty.",
            Assert.Throws<ArgumentException>(() => NetworkSpec.WithInputs(3).Minimize(Loss.MeanSquaredError)).Message);

    [Fact]
    public void Names_are_kerass_and_are_read_back()
    {
        Assert.Equal("categorical_crossentropy", KerasNames.Of(Loss.CategoricalCrossentropy));
        Assert.Equal(Initializer.GlorotUniform, KerasNames.Parse<Initializer>("glorot_uniform"));
        Assert.Equal(["linear", "relu", "sigmoid", "tanh", "softmax"], KerasNames.All<Activation>());
        Assert.Equal("'Relu' is unknown: choose linear, relu, sigmoid, tanh or softmax.", Assert.Throws<ArgumentException>(() => KerasNames.Parse<Activation>("Relu")).Message);
    }
}
