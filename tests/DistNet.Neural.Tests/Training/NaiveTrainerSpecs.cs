namespace DistNet.Neural.Tests;

/// <summary>The trainer against an independent one made of scalar loops: bit for bit.</summary>
public class NaiveTrainerSpecs
{
    [Theory]
    [InlineData(Activation.Relu, Activation.Softmax, Loss.CategoricalCrossentropy, "rmsprop", 22, 4)]
    [InlineData(Activation.Tanh, Activation.Sigmoid, Loss.BinaryCrossentropy, "adam", 16, 16)]
    [InlineData(Activation.Sigmoid, Activation.Linear, Loss.MeanSquaredError, "momentum", 81, 3)]
    [InlineData(Activation.Softmax, Activation.Softmax, Loss.HalfSquaredError, "adamw", 7, 1)]
    [InlineData(Activation.Linear, Activation.Tanh, Loss.MeanSquaredError, "nesterov", 200, 5)]
    [InlineData(Activation.Relu, Activation.Relu, Loss.HalfSquaredError, "adagrad", 13, 20)]
    [InlineData(Activation.Relu, Activation.Sigmoid, Loss.HalfSquaredError, "sgd", 30, 7)]
    public void The_trainer_equals_scalar_loops_to_the_bit(Activation hidden, Activation output, Loss loss, string optimizer, int batchSize, int microBatchSize)
    {
        var spec = Runs.Small with
        {
            Network = NetworkSpec.WithInputs(6).Dense(9, hidden).Dense(5, Activation.Tanh).Dense(4, output).Minimize(loss),
            Optimizer = OptimizerSpec.Parse(optimizer),
            Schedule = ScheduleSpec.Parse("cosine:warmup=2"),
            WeightDecay = 0.001f,
            BatchSize = batchSize,
            MicroBatchSize = microBatchSize,
            Epochs = 2,
        };
        Assert.Equal(new NaiveTrainer(spec, Runs.SmallExamples).Train(), Runs.Train(spec, Runs.SmallExamples).Parameters);
    }

    [Fact]
    public void Another_micro_batch_size_makes_other_bits()
    {
        var naive = new NaiveTrainer(Runs.Small, Runs.SmallExamples).Train();
        Assert.NotEqual(naive, Runs.Train(Runs.Small with { MicroBatchSize = 8 }, Runs.SmallExamples).Parameters);
    }
}
