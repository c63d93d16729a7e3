using MathNet.Numerics.Random;

namespace DistNet.Neural.Tests;

/// <summary>The formulas of Keras 3 (keras/src/optimizers), written as scalars, against the fused vector pass: bit for bit.</summary>
public class OptimizerSpecs
{
    private const long TotalSteps = 100;
    private static readonly NetworkSpec Network =
        NetworkSpec.WithInputs(19).Dense(13, Activation.Relu).Dense(5, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);

    private static readonly ParameterLayout Layout = ParameterLayout.For(Network);

    public static TheoryData<string> Names() => [.. OptimizerSpec.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void An_optimizer_equals_its_scalar_formula_to_the_bit(string name)
    {
        var spec = Spec(name, weightDecay: 0.01f);
        var expected = ParameterInitializer.Create(Network, 1);
        var actual = expected.ToArray();
        var state = new OptimizerState(spec, Layout, 0, Layout.Count, TotalSteps);
        var reference = new ScalarOptimizer(spec, Layout, TotalSteps);
        for (var version = 0; version < 5; version++)
        {
            var gradients = Gradients(version);
            reference.Update(gradients, 7, version, expected);
            state.Update(0, gradients, 7, version, actual, actual);
            Assert.Equal(expected, actual);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Shards_of_any_cut_make_the_same_bits(string name)
    {
        var whole = Run(name, shards: 1);
        Assert.Equal(whole, Run(name, shards: 2));
        Assert.Equal(whole, Run(name, shards: 3));
        Assert.Equal(whole, Run(name, shards: 7));
    }

    [Fact]
    public void The_cut_test_notices_a_shard_that_counts_its_steps_from_its_own_beginning() =>
        Assert.NotEqual(Run("adam", shards: 3), Run("adam", shards: 3, lastShardIsLateBy: 1));

    [Fact]
    public void A_range_within_a_shard_is_updated_alone()
    {
        var spec = Spec("adam", weightDecay: 0.01f);
        var (whole, parts) = (new OptimizerState(spec, Layout, 10, 300, TotalSteps), new OptimizerState(spec, Layout, 10, 300, TotalSteps));
        var (current, gradients) = (ParameterInitializer.Create(Network, 1), Gradients(0));
        var (expected, actual) = (new float[300], new float[300]);
        whole.Update(0, gradients.AsSpan(10, 300), 4, 0, current.AsSpan(10, 300), expected);
        parts.Update(200, gradients.AsSpan(210, 100), 4, 0, current.AsSpan(210, 100), actual.AsSpan(200));
        parts.Update(0, gradients.AsSpan(10, 200), 4, 0, current.AsSpan(10, 200), actual.AsSpan(0, 200));
        Assert.Equal(expected, actual);
        Assert.Equal(whole.Slot("velocity").ToArray(), parts.Slot("velocity").ToArray());
    }

    [Fact]
    public void L2_decay_pulls_kernels_to_zero_and_leaves_biases()
    {
        var state = new OptimizerState(Spec("sgd", weightDecay: 0.5f) with { Schedule = ScheduleSpec.Constant }, Layout, 0, Layout.Count, TotalSteps);
        var parameters = Enumerable.Repeat(1f, Layout.Count).ToArray();
        state.Update(0, new float[Layout.Count], 1, 0, parameters, parameters);
        foreach (var tensor in Layout.Tensors)
            Assert.Equal(tensor.IsKernel ? 1 - (0.01f * 0.5f) : 1, parameters[tensor.Offset]);
    }

    /// <summary>Keras's own numbers: one step from w = 1 with gradient 0.5, in keras/src/optimizers' arithmetic.</summary>
    [Theory]
    [InlineData("sgd", 1 - (0.01 * 0.5))]
    [InlineData("momentum", 1 - (0.01 * 0.5))]
    [InlineData("nesterov", 1 - (0.01 * 0.5 * 1.9))]
    [InlineData("rmsprop", 1 - (0.001 * 0.5 / 0.158113988))] // sqrt(0.1 * 0.25 + 1e-7)
    [InlineData("adam", 1 - 0.001)]
    [InlineData("adamw", 1 - 0.001 - (0.001 * 0.004))]
    [InlineData("adagrad", 1 - (0.001 * 0.5 / 0.591608040))] // sqrt(0.1 + 0.25 + 1e-7)
    public void The_first_step_with_the_defaults_is_that_of_keras(string name, double expected)
    {
        var state = new OptimizerState(Spec(name, weightDecay: 0) with { Schedule = ScheduleSpec.Constant }, Layout, 0, 1, TotalSteps);
        var parameter = new[] { 1f };
        state.Update(0, [1f], 2, 0, parameter, parameter);
        Assert.Equal(expected, parameter[0], 1e-6);
    }

    [Fact]
    public void Next_may_be_another_buffer_and_current_is_then_kept()
    {
        var state = new OptimizerState(Spec("rmsprop", 0), Layout, 0, 3, TotalSteps);
        var (current, next) = (new[] { 1f, 2, 3 }, new float[3]);
        state.Update(0, [1, 1, 1], 1, 0, current, next);
        Assert.Equal([1f, 2, 3], current);
        Assert.True(next[0] < 1);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_step_allocates_nothing(string name)
    {
        var state = new OptimizerState(Spec(name, 0.1f), Layout, 0, Layout.Count, TotalSteps);
        var (gradients, parameters) = (Gradients(0), ParameterInitializer.Create(Network, 1));
        state.Update(0, gradients, 1, 0, parameters, parameters);
        var before = GC.GetAllocatedBytesForCurrentThread();
        state.Update(0, gradients, 1, 1, parameters, parameters);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_slot_has_kerass_name_and_initial_value()
    {
        var state = new OptimizerState(Spec("adagrad", 0), Layout, 5, 10, TotalSteps);
        Assert.Equal(["accumulator"], state.SlotNames);
        Assert.Equal(Enumerable.Repeat(0.1f, 10), state.Slot("accumulator").ToArray());
        Assert.Contains("velocity", Assert.Throws<ArgumentException>(() => state.Slot("velocity").Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Ranges_outside_the_shard_and_unequal_spans_are_refused()
    {
        var state = new OptimizerState(Spec("sgd", 0), Layout, 5, 10, TotalSteps);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Update(5, new float[6], 1, 0, new float[6], new float[6]));
        Assert.Throws<ArgumentException>(() => state.Update(0, new float[5], 1, 0, new float[6], new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Update(0, new float[6], 0, 0, new float[6], new float[6]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new OptimizerState(Spec("sgd", 0), Layout, 5, Layout.Count, TotalSteps));
    }

    private static float[] Run(string name, int shards, int lastShardIsLateBy = 0)
    {
        var spec = Spec(name, weightDecay: 0.01f);
        var parameters = ParameterInitializer.Create(Network, 1);
        for (var shard = 0; shard < shards; shard++)
        {
            var (from, to) = (Layout.Count * shard / shards, Layout.Count * (shard + 1) / shards);
            var state = new OptimizerState(spec, Layout, from, to - from, TotalSteps);
            var range = parameters.AsSpan(from, to - from);
            for (var version = 0; version < 4; version++)
                state.Update(0, Gradients(version).AsSpan(from, to - from), 9, version + (shard == shards - 1 ? lastShardIsLateBy : 0), range, range);
        }

        return parameters;
    }

    private static TrainingSpec Spec(string optimizer, float weightDecay) => new()
    {
        Network = Network,
        Optimizer = OptimizerSpec.Parse(optimizer),
        Schedule = ScheduleSpec.Parse("cosine:warmup=2"),
        WeightDecay = weightDecay,
    };

    private static float[] Gradients(int version) =>
        [.. new Xoshiro256StarStar(version + 50, threadSafe: false).NextDoubles(Layout.Count).Select(value => (float)(value - 0.5))];
}
