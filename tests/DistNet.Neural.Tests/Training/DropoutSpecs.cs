namespace DistNet.Neural.Tests;

public class DropoutSpecs
{
    private const int Seed = 3;
    private const int Examples = 24;
    private const float Rate = 0.3f;

    /// <summary>Its hidden activations are 1, and its output is their mean: the share of units that stayed, over 1 - rate.</summary>
    private static readonly NetworkSpec Counting =
        NetworkSpec.WithInputs(1).Dense(1000).Dropout(Rate).Dense(1).Minimize(Loss.MeanSquaredError);

    private static readonly TrainingSpec Spec = Runs.Small with
    {
        Network = NetworkSpec.WithInputs(6).Dense(9, Activation.Relu).Dropout(Rate).Dense(7, Activation.Tanh).Dropout(0.5f).Dense(4, Activation.Softmax)
            .Minimize(Loss.CategoricalCrossentropy),
    };

    [Fact]
    public void An_example_goes_without_its_share_of_the_units_and_the_others_make_up_for_them()
    {
        float[] kept = [.. Enumerable.Range(0, Examples).Select(example => Kept(epoch: 1, example))];
        Assert.All(kept, share => Assert.InRange(share, 1 - 0.07, 1 + 0.07)); // 3.4 standard deviations of a binomial's 1,000 units
        Assert.InRange(kept.Average(), 1 - 0.015, 1 + 0.015);
    }

    [Fact]
    public void Other_units_are_dropped_in_another_epoch_for_another_example_and_with_another_seed()
    {
        var first = Mask(Seed, 1, 5);
        Assert.Equal(first, Mask(Seed, 1, 5));
        Assert.All([Mask(Seed, 2, 5), Mask(Seed, 1, 6), Mask(Seed + 1, 1, 5)], other => Assert.InRange(first.Zip(other).Count(pair => pair.First != pair.Second), 300, 540));
    }

    [Fact]
    public void Evaluation_uses_all_units()
    {
        var pass = new ForwardPass<float>(Counting, 1, 1);
        pass.Inputs(1)[0] = 1;
        pass.Forward(CountingParameters(), 1);
        Assert.Equal(1, pass.Outputs(1)[0], 1e-5);
    }

    [Fact]
    public void What_an_example_goes_without_does_not_depend_on_its_neighbours()
    {
        var (alone, among) = (new Backpropagation<float>(Spec.Network, 4, 8), new Backpropagation<float>(Spec.Network, 4, 8));
        var (single, several) = (new float[ParameterLayout.For(Spec.Network).Count], new float[ParameterLayout.For(Spec.Network).Count]);
        GradientSum(alone, single, 0, 5);
        GradientSum(among, several, 4, 7, 2, 9, 11, 5); // example 5 is the micro-batch that begins at place 4
        Assert.Equal(single, several);
    }

    [Fact]
    public void A_run_resumed_in_mid_epoch_ends_with_the_bits_of_one_that_never_stopped()
    {
        var job = new TrainingJob { Spec = Spec, Examples = Runs.SmallExamples };
        var (expected, store) = (Runs.Train(job), new MemoryCheckpoints());
        Runs.Train(job with { Checkpoints = store, CheckpointEvery = 1 });
        Assert.All(store.Saved, checkpoint => Assert.Equal(expected.Parameters, Runs.Train(job with { ResumeFrom = checkpoint }).Parameters));
    }

    [Fact]
    public void A_step_allocates_nothing()
    {
        var (pass, parameters) = (new Backpropagation<float>(Spec.Network, 4, 16), ParameterInitializer.Create(Spec.Network, 1));
        var (sum, indices) = (new float[parameters.Length], Enumerable.Range(0, 16).ToArray());
        void Step()
        {
            pass.Drop(Seed, 1, indices);
            pass.Forward(parameters, 16);
            pass.GradientSum(parameters, 0, 16, sum);
        }

        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Theory]
    [InlineData(-0.1f)]
    [InlineData(1f)]
    [InlineData(float.NaN)]
    public void An_impossible_rate_is_refused_with_its_path(float rate)
    {
        var layer = Spec.Network.Layers[0] with { Dropout = rate };
        var fault = Assert.Throws<ArgumentException>((Spec.Network with { Layers = Spec.Network.Layers.SetItem(0, layer) }).Validate);
        Assert.StartsWith("network.layers[0].dropout must be at least 0 and less than 1", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_output_layer_drops_nothing()
    {
        var fault = Assert.Throws<ArgumentException>(() => NetworkSpec.WithInputs(2).Dense(3).Dropout(0.5f).Minimize(Loss.MeanSquaredError));
        Assert.StartsWith("network.layers[0].dropout must be 0", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_specification_without_dropout_is_written_as_it_always_was()
    {
        Assert.DoesNotContain("dropout", TrainingSpecJson.Write(Runs.Small), StringComparison.Ordinal);
        Assert.Equal(Spec, TrainingSpecJson.Read(TrainingSpecJson.Write(Spec), "run.json"));
    }

    private static void GradientSum(Backpropagation<float> pass, float[] sum, int first, params int[] examples)
    {
        var parameters = ParameterInitializer.Create(Spec.Network, 1);
        new StepExamples(Spec, Runs.SmallExamples).Load(pass, 1, examples);
        pass.Forward(parameters, examples.Length);
        pass.GradientSum(parameters, first, examples.Length - first, sum);
    }

    private static float Kept(int epoch, int example)
    {
        var pass = new Backpropagation<float>(Counting, 1, 1);
        pass.Inputs(1)[0] = 1;
        pass.Drop(Seed, epoch, [example]);
        pass.Forward(CountingParameters(), 1);
        return pass.Outputs(1)[0];
    }

    /// <summary>What each unit's activation, 1, is multiplied with, read off the gradient of the weight behind it.</summary>
    private static float[] Mask(int seed, int epoch, int example)
    {
        var (pass, sum) = (new Backpropagation<float>(Counting, 1, 1), new float[ParameterLayout.For(Counting).Count]);
        (pass.Inputs(1)[0], pass.Targets(1)[0]) = (1, -1);
        pass.Drop(seed, epoch, [example]);
        pass.Forward(CountingParameters(), 1);
        pass.GradientSum(CountingParameters(), 0, 1, sum);
        return [.. sum[2000..3000].Select(gradient => gradient == 0 ? 0f : 1)];
    }

    private static float[] CountingParameters() =>
        [.. Enumerable.Repeat(1f, 1000), .. Enumerable.Repeat(0f, 1000), .. Enumerable.Repeat(0.001f, 1000), 0];
}
