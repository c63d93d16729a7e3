using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests.Kernels;

/// <summary>DESIGN, section 3: the tree splits at the largest power of two below the count; a node is left + right.</summary>
public class ReductionTreeSpecs
{
    [Theory]
    [InlineData(1, 16)]
    [InlineData(2, 16)]
    [InlineData(3, 16)]
    [InlineData(4, 16)]
    [InlineData(5, 16)]
    [InlineData(6, 16)]
    [InlineData(7, 16)]
    [InlineData(8, 16)]
    [InlineData(9, 16)]
    [InlineData(5, 1)]
    [InlineData(8, 3)]
    [InlineData(9, 15)]
    public void Gradient_sums_follow_the_tree_also_with_a_partial_last_micro_batch(int microBatches, int lastSize)
    {
        var examples = (microBatches - 1) * 16 + lastSize;
        var (a, b) = (new Random(microBatches).Uniform<float>(examples * 13), new Random(lastSize).Uniform<float>(examples * 37));
        var sum = new float[13 * 37];
        MatrixKernels.GradientSum<float>(examples, 16, 13, 37, a, b, sum);
        Numbers.AssertSameBits(Node(0, microBatches, leaf => Leaf(leaf, examples, a, b)), sum, $"{microBatches} micro-batches");
    }

    [Fact]
    public void A_sum_from_left_to_right_would_be_noticed()
    {
        var (a, b) = (new Random(1).Uniform<float>(64 * 13), new Random(2).Uniform<float>(64 * 37));
        var sum = new float[13 * 37];
        MatrixKernels.GradientSum<float>(64, 16, 13, 37, a, b, sum);
        var leftToRight = Enumerable.Range(0, 4).Select(leaf => Leaf(leaf, 64, a, b)).Aggregate(Add);
        Assert.NotEqual(leftToRight, sum);
    }

    [Fact]
    public void One_micro_batch_of_all_examples_would_be_noticed()
    {
        var (a, b) = (new Random(1).Uniform<float>(64 * 13), new Random(2).Uniform<float>(64 * 37));
        var (sum, unsplit) = (new float[13 * 37], new float[13 * 37]);
        MatrixKernels.GradientSum<float>(64, 16, 13, 37, a, b, sum);
        MatrixKernels.GradientSum<float>(64, 64, 13, 37, a, b, unsplit);
        Assert.NotEqual(unsplit, sum);
    }

    [Fact]
    public void The_sum_of_a_subtree_is_what_a_worker_of_that_subtree_computes()
    {
        var (a, b) = (new Random(3).Uniform<float>(112 * 5), new Random(4).Uniform<float>(112 * 20));
        float[] whole = new float[100], left = new float[100], right = new float[100];
        MatrixKernels.GradientSum<float>(112, 16, 5, 20, a, b, whole);
        MatrixKernels.GradientSum<float>(64, 16, 5, 20, a.AsSpan(..(64 * 5)), b.AsSpan(..(64 * 20)), left);
        MatrixKernels.GradientSum<float>(48, 16, 5, 20, a.AsSpan((64 * 5)..), b.AsSpan((64 * 20)..), right);
        MatrixKernels.AddInto<float>(left, right, left);
        Numbers.AssertSameBits(whole, left, "7 micro-batches as 4 + 3");
    }

    [Theory]
    [InlineData(1, 1f)]
    [InlineData(2, 3f)]
    [InlineData(7, 28f)]
    public void Whole_numbers_add_up(int leaves, float sum) =>
        Assert.Equal(sum, MatrixReference.TreeSum<float>([.. Enumerable.Range(1, leaves).Select(i => (float)i)]));

    private static float[] Node(int first, int count, Func<int, float[]> leaf)
    {
        if (count == 1)
            return leaf(first);
        var split = 1;
        while (split * 2 < count)
            split *= 2;
        return Add(Node(first, split, leaf), Node(first + split, count - split, leaf));
    }

    private static float[] Leaf(int index, int examples, float[] a, float[] b)
    {
        var sum = new float[13 * 37];
        for (var example = index * 16; example < Math.Min(examples, index * 16 + 16); example++)
        {
            for (var i = 0; i < sum.Length; i++)
                sum[i] = MathF.FusedMultiplyAdd(a[example * 13 + i / 37], b[example * 37 + i % 37], sum[i]);
        }
        return sum;
    }

    private static float[] Add(float[] left, float[] right) => [.. left.Zip(right, (x, y) => x + y)];
}
