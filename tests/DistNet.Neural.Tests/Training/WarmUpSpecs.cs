namespace DistNet.Neural.Tests;

public class WarmUpSpecs
{
    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(1000)]
    public void Any_possible_run_can_be_warmed_up_for(int microBatchSize)
    {
        foreach (var optimizer in OptimizerSpec.Names)
        {
            var spec = new TrainingSpec
            {
                Network = NetworkSpec.WithInputs(784).Dense(512, Activation.Tanh).Dense(1, Activation.Sigmoid).Minimize(Loss.BinaryCrossentropy),
                Optimizer = OptimizerSpec.Parse(optimizer),
                MicroBatchSize = microBatchSize,
            };

            Assert.Null(Record.Exception(() => WarmUp.Step(spec)));
        }
    }
}
