namespace DistNet.Neural.Tests;

public class OptimizerTextSpecs
{
    /// <summary>keras.io/api/optimizers: the defaults.</summary>
    [Fact]
    public void Names_and_defaults_are_kerass()
    {
        Assert.Equal(new SgdOptimizer(0.01f), OptimizerSpec.Parse("sgd"));
        Assert.Equal(new MomentumOptimizer(0.01f, 0.9f), OptimizerSpec.Parse("momentum"));
        Assert.Equal(new NesterovOptimizer(0.01f, 0.9f), OptimizerSpec.Parse("nesterov"));
        Assert.Equal(new RmsPropOptimizer(0.001f, 0.9f, 1e-7f), OptimizerSpec.Parse("rmsprop"));
        Assert.Equal(new AdamOptimizer(0.001f, 0.9f, 0.999f, 1e-7f), OptimizerSpec.Parse("adam"));
        Assert.Equal(new AdamWOptimizer(0.001f, 0.004f, 0.9f, 0.999f, 1e-7f), OptimizerSpec.Parse("adamw"));
        Assert.Equal(new AdagradOptimizer(0.001f, 0.1f, 1e-7f), OptimizerSpec.Parse("adagrad"));
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("rmsprop:rho=0.8,epsilon=1e-5")]
    [InlineData("adamw:learningRate=0.1,weightDecay=0.05,beta1=0.7")]
    [InlineData("adagrad: initialAccumulator = 0.3")]
    public void Text_written_is_read_again(string text)
    {
        var optimizer = OptimizerSpec.Parse(text);
        Assert.Equal(optimizer, OptimizerSpec.Parse(optimizer.ToString()));
    }

    [Fact]
    public void The_learning_rate_of_any_optimizer_can_be_replaced() =>
        Assert.Equal(new AdamOptimizer(0.5f), OptimizerSpec.Parse("adam") with { LearningRate = 0.5f });

    [Theory]
    [InlineData("sdg", "The optimizer 'sdg' is unknown: choose sgd, momentum, nesterov, rmsprop, adam, adamw or adagrad.")]
    [InlineData("sgd:momentum=0.9", "has no option 'momentum': it takes learningRate.")]
    [InlineData("adam:beta1", "'beta1' must be one option written key=value")]
    [InlineData("adam:beta1=0.9,beta1=0.8", "given once")]
    [InlineData("adam:beta1=high", "beta1 of the optimizer adam must be a number, but is 'high'")]
    [InlineData("adam:beta1=1", "optimizer.beta1 must be at least 0 and less than 1, but is 1.")]
    [InlineData("adam:epsilon=0", "optimizer.epsilon must be a positive number, but is 0.")]
    [InlineData("sgd:learningRate=-1", "optimizer.learningRate must be a positive number, but is -1.")]
    [InlineData("sgd:learningRate=NaN", "must be a number, but is 'NaN'")]
    [InlineData("adamw:weightDecay=-1", "optimizer.weightDecay must be a number of at least 0, but is -1.")]
    public void What_is_impossible_is_refused_in_one_sentence(string text, string expected) =>
        Assert.Contains(expected, Assert.Throws<ArgumentException>(() => OptimizerSpec.Parse(text)).Message, StringComparison.Ordinal);
}
