using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests;

public class BackpropagationSpecs
{
    private static readonly NetworkSpec Network =
        NetworkSpec.WithInputs(20).Dense(17, Activation.Relu).Dense(5, Activation.Softmax).Minimize(Loss.CategoricalCrossentropy);

    private readonly float[] _parameters = ParameterInitializer.Create(Network, 4);

    /// <summary>DESIGN 3: only siblings are added, so a cut along the tree cannot be seen.</summary>
    [Theory]
    [InlineData(8, 4)]
    [InlineData(13, 8)]
    [InlineData(11, 8)]
    [InlineData(3, 2)]
    public void Sums_of_sibling_nodes_added_are_their_parents_to_the_bit(int microBatches, int split)
    {
        var (examples, cut) = ((microBatches * 4) - 1, split * 4);
        var backpropagation = Forward(examples);
        var whole = Sum(backpropagation, 0, examples);
        var sum = Sum(backpropagation, 0, cut);
        MatrixKernels.AddInto<float>(sum, Sum(backpropagation, cut, examples - cut), sum);
        Assert.Equal(whole, sum);
    }

    [Fact]
    public void Sums_added_off_the_tree_have_other_bits()
    {
        var backpropagation = Forward(31);
        var sum = Sum(backpropagation, 0, 12); // 3 of 8 micro-batches: no node
        MatrixKernels.AddInto<float>(sum, Sum(backpropagation, 12, 19), sum);
        Assert.NotEqual(Sum(backpropagation, 0, 31), sum);
    }

    [Fact]
    public void Losses_of_sibling_nodes_added_are_their_parents_to_the_bit()
    {
        var backpropagation = Forward(31);
        var parent = LossStatistics.Add(backpropagation.Measure(0, 16), backpropagation.Measure(16, 15));
        Assert.Equal(backpropagation.Measure(0, 31), parent);
        Assert.Equal(31, parent.Examples);
    }

    [Fact]
    public void A_share_computed_alone_has_the_bits_it_has_within_the_whole()
    {
        var examples = ArrayExamples.Clusters(32, 20, 5);
        var whole = Forward(32, examples);
        var share = new Backpropagation<float>(Network, 4, 16);
        examples.Gather([.. Enumerable.Range(16, 16)], share.Inputs(16), share.Targets(16));
        share.Forward(_parameters, 16);
        Assert.Equal(Sum(whole, 16, 16), Sum(share, 0, 16));
        Assert.Equal(whole.Measure(16, 16), share.Measure(0, 16));
    }

    [Fact]
    public void Nothing_is_allocated_per_call()
    {
        var backpropagation = Forward(32);
        var sum = new float[_parameters.Length];
        void Step()
        {
            backpropagation.Forward(_parameters, 32);
            backpropagation.Measure(0, 32);
            backpropagation.GradientSum(_parameters, 0, 32, sum);
        }

        Step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        Step();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
    }

    [Fact]
    public void A_range_must_begin_at_a_micro_batch_and_stay_within_the_forward_pass()
    {
        var backpropagation = Forward(12);
        var sum = new float[_parameters.Length];
        Assert.Contains("multiple of 4", Assert.Throws<ArgumentException>(() => backpropagation.GradientSum(_parameters, 3, 4, sum)).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => backpropagation.GradientSum(_parameters, 8, 5, sum));
        Assert.Throws<ArgumentOutOfRangeException>(() => backpropagation.Measure(-4, 4));
        Assert.Throws<ArgumentException>(() => backpropagation.GradientSum(_parameters, 0, 4, new float[3]));
        Assert.Throws<ArgumentException>(() => backpropagation.Forward(new float[3], 4));
        Assert.Throws<ArgumentOutOfRangeException>(() => backpropagation.Forward(_parameters, 65));
    }

    [Fact]
    public void No_examples_give_a_sum_of_zero()
    {
        var sum = Enumerable.Repeat(1f, _parameters.Length).ToArray();
        Forward(0).GradientSum(_parameters, 0, 0, sum);
        Assert.All(sum, value => Assert.Equal(0, value));
    }

    private Backpropagation<float> Forward(int examples, ArrayExamples? data = null)
    {
        var backpropagation = new Backpropagation<float>(Network, 4, 64);
        (data ?? ArrayExamples.Clusters(64, 20, 5)).Gather([.. Enumerable.Range(0, examples)], backpropagation.Inputs(examples), backpropagation.Targets(examples));
        backpropagation.Forward(_parameters, examples);
        return backpropagation;
    }

    private float[] Sum(Backpropagation<float> backpropagation, int first, int count)
    {
        var sum = new float[_parameters.Length];
        backpropagation.GradientSum(_parameters, first, count, sum);
        return sum;
    }
}
