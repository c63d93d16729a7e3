using System.Numerics;
using DistNet.Neural.Kernels;

namespace DistNet.Neural.Tests.Kernels;

/// <summary>DESIGN, section 3: the fast kernels equal the scalar definition bit for bit, at every vector width.</summary>
public class MatrixKernelSpecs
{
    public static TheoryData<int> WidthsInBits => [512, 256, 128, 0];

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Products_of_floats_equal_the_definition(int bits) => CheckProducts(KernelsAtWidth<float>.Of(bits), seed: bits + 1);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Products_of_doubles_equal_the_definition(int bits) => CheckProducts(KernelsAtWidth<double>.Of(bits), seed: bits + 2);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Transposed_products_of_floats_equal_the_definition(int bits) => CheckTransposed(KernelsAtWidth<float>.Of(bits), seed: bits + 3);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Transposed_products_of_doubles_equal_the_definition(int bits) => CheckTransposed(KernelsAtWidth<double>.Of(bits), seed: bits + 4);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Gradient_sums_of_floats_equal_the_definition(int bits) => CheckGradients(KernelsAtWidth<float>.Of(bits), seed: bits + 5);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Gradient_sums_of_doubles_equal_the_definition(int bits) => CheckGradients(KernelsAtWidth<double>.Of(bits), seed: bits + 6);

    [Theory]
    [MemberData(nameof(WidthsInBits))]
    public void Column_sums_equal_the_definition(int bits)
    {
        var kernels = KernelsAtWidth<float>.Of(bits);
        foreach (var (examples, microBatchSize, units) in Shapes(kernels.LargestDimension, new Random(bits + 7)))
        {
            var b = new Random(units).Uniform<float>(examples * units);
            var (expected, actual) = (Numbers.Unwritten<float>(units), Numbers.Unwritten<float>(units));
            MatrixReference.ColumnSum<float>(examples, microBatchSize, units, b, expected);
            kernels.ColumnSum(examples, microBatchSize, units, b, actual);
            Numbers.AssertSameBits(expected, actual, $"{examples} examples by {microBatchSize}, {units} units");
        }
    }

    [Fact]
    public void Chains_longer_than_a_block_go_on_where_the_block_before_ended()
    {
        var kernels = KernelsAtWidth<float>.Of(512);
        CheckProduct(kernels, 9, 2500, 35, new Random(1));
        CheckTransposedProduct(kernels, 9, 2500, 35, new Random(2));
        CheckTransposedProduct(kernels, 35, 2500, 3, new Random(3));
    }

    [Fact]
    public void An_empty_chain_is_the_bias_and_an_empty_sum_is_zero()
    {
        var c = Numbers.Unwritten<float>(6);
        MatrixKernels.Multiply<float>(2, 0, 3, [], [], [1, 2, 3], c);
        Assert.Equal([1, 2, 3, 1, 2, 3], c);
        MatrixKernels.GradientSum<float>(0, 16, 2, 3, [], [], c);
        Assert.Equal(new float[6], c);
        c.AsSpan().Fill(7);
        MatrixKernels.ColumnSum<float>(0, 16, 6, [], c);
        Assert.Equal(new float[6], c);
    }

    private static void CheckProducts<T>(KernelsAtWidth<T> kernels, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        foreach (var (rows, inner, columns) in Shapes(kernels.LargestDimension, random))
            CheckProduct(kernels, rows, inner, columns, random);
    }

    private static void CheckProduct<T>(KernelsAtWidth<T> kernels, int rows, int inner, int columns, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (random.Uniform<T>(rows * inner), random.Uniform<T>(inner * columns));
        var bias = rows % 3 == 0 ? [] : random.Uniform<T>(columns);
        var (expected, actual) = (Numbers.Unwritten<T>(rows * columns), Numbers.Unwritten<T>(rows * columns));
        MatrixReference.Multiply(rows, inner, columns, a, b, bias, expected.AsSpan());
        kernels.Multiply(rows, inner, columns, a, b, bias, actual);
        Numbers.AssertSameBits(expected, actual, $"{rows} x {inner} x {columns}");
    }

    private static void CheckTransposed<T>(KernelsAtWidth<T> kernels, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        foreach (var (rows, inner, columns) in Shapes(kernels.LargestDimension, random))
            CheckTransposedProduct(kernels, rows, inner, columns, random);
    }

    private static void CheckTransposedProduct<T>(KernelsAtWidth<T> kernels, int rows, int inner, int columns, Random random)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var (a, b) = (random.Uniform<T>(rows * inner), random.Uniform<T>(columns * inner));
        var (expected, actual) = (Numbers.Unwritten<T>(rows * columns), Numbers.Unwritten<T>(rows * columns));
        MatrixReference.MultiplyTransposed<T>(rows, inner, columns, a, b, expected);
        kernels.MultiplyTransposed(rows, inner, columns, a, b, actual);
        Numbers.AssertSameBits(expected, actual, $"{rows} x {inner} x {columns}");
    }

    private static void CheckGradients<T>(KernelsAtWidth<T> kernels, int seed)
        where T : unmanaged, IBinaryFloatingPointIeee754<T>
    {
        var random = new Random(seed);
        foreach (var (examples, inputs, units) in Shapes(kernels.LargestDimension, random).Concat(ShapesInStrips(kernels.LargestDimension, random)))
        {
            var microBatchSize = random.Next(1, 20);
            var (a, b) = (random.Uniform<T>(examples * inputs), random.Uniform<T>(examples * units));
            var (expected, actual) = (Numbers.Unwritten<T>(inputs * units), Numbers.Unwritten<T>(inputs * units));
            MatrixReference.GradientSum<T>(examples, microBatchSize, inputs, units, a, b, expected);
            kernels.GradientSum(examples, microBatchSize, inputs, units, a, b, actual);
            Numbers.AssertSameBits(expected, actual, $"{examples} examples by {microBatchSize}, {inputs} x {units}");
        }
    }

    /// <summary>Three dimensions at a time: each small size, where all tile edges lie, beside random ones, and a few that are large.</summary>
    private static IEnumerable<(int, int, int)> Shapes(int largest, Random random)
    {
        for (var size = 1; size <= 40; size++)
        {
            yield return (size, random.Next(1, 20), random.Next(1, 40));
            yield return (random.Next(1, 20), random.Next(1, 20), size * largest / 300 + 1);
        }
        for (var i = 0; i < 4; i++)
            yield return (random.Next(1, largest + 1), random.Next(1, largest + 1), random.Next(1, largest + 1));
    }

    /// <summary>Rows that lie a power of two apart, beside more columns than one pass over them takes.</summary>
    private static IEnumerable<(int, int, int)> ShapesInStrips(int largest, Random random) => largest < 300
        ? []
        : [(random.Next(1, 40), 256, random.Next(512, 560)), (random.Next(1, 40), 512, 1024 + random.Next(1, 40)), (33, 256, 512)];
}
