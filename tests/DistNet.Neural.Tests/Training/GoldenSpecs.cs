namespace DistNet.Neural.Tests;

/// <summary>The final weights of small runs, as hashes: any change of arithmetic, on any machine and at any vector width, shows here.</summary>
/// <remarks>A hash may change only together with a decision that says why the bits had to change.</remarks>
public class GoldenSpecs
{
    [Theory]
    [InlineData("sgd", Activation.Relu, Activation.Softmax, Loss.CategoricalCrossentropy, "1444c4178897c29c2609099687cf12d1d8ba0fe3498e09a23e58b162750e2b9f")]
    [InlineData("momentum", Activation.Tanh, Activation.Sigmoid, Loss.BinaryCrossentropy, "cf3b6ea41944ae3339b0085109662206dfba2cee5b459e9245116193842f2121")]
    [InlineData("nesterov", Activation.Sigmoid, Activation.Linear, Loss.MeanSquaredError, "66c8a45d83da9e9a9d0b1535a9762f6a37024a5e8c2d1cbc78712b7867f968f7")]
    [InlineData("rmsprop", Activation.Relu, Activation.Softmax, Loss.CategoricalCrossentropy, "5935690aeabab6194e956efbe08756a8a2eebfda0206d08b7212aa1466eb9029")]
    [InlineData("adam", Activation.Softmax, Activation.Softmax, Loss.HalfSquaredError, "77f0b3beb48c80edfb1b101d2e57701241b7897a42ccecaf4c0c7c2dc96fa538")]
    [InlineData("adamw", Activation.Linear, Activation.Tanh, Loss.MeanSquaredError, "ea865c13a39244ca952376415f0b3b6108f495206e3bc63b32c7e0a35734a57e")]
    [InlineData("adagrad", Activation.Relu, Activation.Sigmoid, Loss.HalfSquaredError, "4000d303c5ec1c4eadcbe800de23e388ed8ce0e8937708555825c90a0e615e4d")]
    public void The_weights_are_those_of_every_machine(string optimizer, Activation hidden, Activation output, Loss loss, string sha256)
    {
        var spec = Runs.Small with
        {
            Network = NetworkSpec.WithInputs(21).Dense(37, hidden, Initializer.HeUniform).Dense(5, output).Minimize(loss),
            Optimizer = OptimizerSpec.Parse(optimizer),
            Schedule = ScheduleSpec.Parse("cosine:warmup=3"),
            WeightDecay = 1e-4f,
            BatchSize = 48,
            Epochs = 2,
        };
        Assert.Equal(sha256, Runs.Sha256(Runs.Train(spec, ArrayExamples.Clusters(150, 21, 5)).Parameters));
    }

    [Theory]
    [InlineData("exponential:rate=0.9,every=3", "efaddd73efc4d7e348fa09aa95b798742b1fbc90826842dd0f83b936f2f9d532")]
    [InlineData("step:drop=0.5,every=2,warmup=1", "98fdc65b46e2382fae0fdd0499fed5c4c4e81116d6daefe1c436d6ea11dd81c7")]
    public void The_schedules_are_those_of_every_machine(string schedule, string sha256)
    {
        var result = Runs.Train(Runs.Small with { Schedule = ScheduleSpec.Parse(schedule) }, Runs.SmallExamples);
        Assert.Equal(sha256, Runs.Sha256(result.Parameters));
    }

    /// <summary>The reported losses are part of the promise too: they decide when a run stops early.</summary>
    [Fact]
    public void The_reports_are_those_of_every_machine()
    {
        var report = Runs.Train(Runs.Small, Runs.SmallExamples).History[^1];
        Assert.Equal((4637154992164473911L, 4622414769627947718L), (BitConverter.DoubleToInt64Bits(report.Training.LossSum), BitConverter.DoubleToInt64Bits(report.Validation!.Value.LossSum)));
    }

    /// <summary>Negative control: the hash sees a single bit.</summary>
    [Fact]
    public void One_bit_of_one_weight_changes_the_hash()
    {
        var weights = Runs.Train(Runs.Small, Runs.SmallExamples).Parameters;
        var before = Runs.Sha256(weights);
        weights[5] = BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits(weights[5]) ^ 1);
        Assert.NotEqual(before, Runs.Sha256(weights));
    }
}
