using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests.Kernels;

public class KernelContractSpecs
{
    [Fact]
    public void A_wrong_length_is_refused_with_the_length_that_is_right()
    {
        var error = Assert.Throws<ArgumentException>(() => MatrixKernels.Multiply<float>(2, 3, 4, new float[6], new float[11], [], new float[8]));
        Assert.Contains("b.Length is 11; expected 12 (3 x 4)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_output_that_overlaps_an_input_is_refused()
    {
        var shared = new float[16];
        Assert.Throws<ArgumentException>("b", () => MatrixKernels.Multiply<float>(2, 2, 2, new float[4], shared.AsSpan(..4), [], shared.AsSpan(2..6)));
        Assert.Throws<ArgumentException>("x", () => ElementaryFunctions.Exp<float>(shared.AsSpan(..8), shared.AsSpan(1..9)));
        Assert.Throws<ArgumentException>("left", () => MatrixKernels.AddInto<float>(shared.AsSpan(..8), new float[8], shared.AsSpan(1..9)));
    }

    [Fact]
    public void A_negative_dimension_and_an_empty_micro_batch_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixKernels.Multiply<float>(-1, 1, 1, [], [1], [], []));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixKernels.GradientSum<float>(1, 0, 1, 1, [1], [1], new float[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixKernels.ColumnSum<float>(1, 0, 1, [1], new float[1]));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public void The_first_number_that_is_not_finite_is_found_wherever_it_lies(float wrong)
    {
        foreach (var index in new[] { 0, 1, 15, 16, 1023, 1024, 1500, 2999 })
        {
            var values = new Random(index).Uniform<float>(3000);
            values[index] = wrong;
            values[2999] = wrong;
            Assert.Equal(index, MatrixKernels.IndexOfNonFinite(values));
        }
    }

    [Fact]
    public void Finite_numbers_are_found_finite()
    {
        Assert.Equal(-1, MatrixKernels.IndexOfNonFinite([]));
        Assert.Equal(-1, MatrixKernels.IndexOfNonFinite([float.MaxValue, -float.MaxValue, float.Epsilon, -0f]));
        Assert.Equal(-1, MatrixKernels.IndexOfNonFinite(new float[5000]));
    }

    [Fact]
    public void Adding_into_an_operand_adds_once()
    {
        var (left, right) = (new Random(1).Uniform<float>(77), new Random(2).Uniform<float>(77));
        float[] expected = [.. left.Zip(right, (x, y) => x + y)];
        MatrixKernels.AddInto<float>(left, right, right);
        Assert.Equal(expected, right);
    }

    [Fact]
    public void Nothing_is_allocated_once_a_thread_has_its_scratch()
    {
        var (a, b, c) = (new float[64 * 100], new float[100 * 74], new float[100 * 100]);
        var nonFinite = 0;
        void RunAll()
        {
            MatrixKernels.Multiply<float>(64, 100, 74, a, b, b.AsSpan(..74), c.AsSpan(..(64 * 74)));
            MatrixKernels.MultiplyTransposed<float>(64, 100, 74, a, b, c.AsSpan(..(64 * 74)));
            MatrixKernels.MultiplyTransposed<float>(10, 100, 74, a.AsSpan(..1000), b, c.AsSpan(..740));
            MatrixKernels.GradientSum<float>(64, 16, 100, 74, a, b.AsSpan(..(64 * 74)), c.AsSpan(..7400));
            MatrixKernels.ColumnSum<float>(64, 16, 100, a, c.AsSpan(..100));
            MatrixKernels.AddInto<float>(a, a, a);
            ElementaryFunctions.Exp<float>(a, a);
            ElementaryFunctions.Tanh<float>(a, a);
            ElementaryFunctions.Relu<float>(a, a);
            nonFinite = MatrixKernels.IndexOfNonFinite(c);
        }
        RunAll();
        var before = GC.GetAllocatedBytesForCurrentThread();
        RunAll();
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(-1, nonFinite);
    }

    [Fact]
    public void The_peak_of_the_processor_is_positive_and_asks_for_a_thread_and_some_time()
    {
        Assert.True(ProcessorPeak.Measure(2, TimeSpan.FromTicks(1), TimeProvider.System) > 0);
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessorPeak.Measure(0, TimeSpan.FromTicks(1), TimeProvider.System));
        Assert.Throws<ArgumentOutOfRangeException>(() => ProcessorPeak.Measure(1, TimeSpan.Zero, TimeProvider.System));
    }
}
