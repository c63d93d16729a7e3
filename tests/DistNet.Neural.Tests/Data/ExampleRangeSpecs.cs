namespace DistNet.Neural.Tests;

public sealed class ExampleRangeSpecs
{
    private static readonly ImageSet Whole = new([.. Enumerable.Range(0, 200).Select(pixel => (byte)pixel)], new byte[200], 1, 1);

    [Fact]
    public void Index_0_is_the_first_example_of_the_range()
    {
        var (inputs, targets) = (new float[2], new float[20]);
        new ExampleRange(Whole, 50, 10).Gather([0, 9], inputs, targets);
        Assert.Equal([50 / 255f, 59 / 255f], inputs);
    }

    [Fact]
    public void More_examples_than_a_block_are_gathered_in_order()
    {
        var range = new ExampleRange(Whole, 20, 180);
        var indices = Enumerable.Range(0, 180).Reverse().ToArray();
        var inputs = new float[180];
        range.Gather(indices, inputs, new float[1800]);
        Assert.Equal(indices.Select(index => (index + 20) / 255f), inputs);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(10)]
    public void Examples_beside_the_range_cannot_be_reached(int index) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExampleRange(Whole, 50, 10).Gather([index], new float[1], new float[10]));

    [Fact]
    public void It_has_the_shape_of_the_whole() =>
        Assert.Equal((10, 1, 10), (new ExampleRange(Whole, 50, 10).Count, new ExampleRange(Whole, 50, 10).InputSize, new ExampleRange(Whole, 50, 10).TargetSize));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(200, 1)]
    [InlineData(0, 0)]
    [InlineData(199, 2)]
    [InlineData(1, int.MaxValue)]
    public void A_range_must_lie_inside_the_whole(int first, int count) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ExampleRange(Whole, first, count));

    [Fact]
    public void The_whole_as_a_range_has_the_wholes_hash_and_parts_have_their_own()
    {
        Assert.Equal(Whole.ContentHash, new ExampleRange(Whole, 0, 200).ContentHash);
        Assert.Equal(new ExampleRange(Whole, 0, 100).ContentHash, new ExampleRange(Whole, 0, 100).ContentHash);
        Assert.Equal(4, new[] { (0, 200), (0, 100), (1, 100), (0, 101) }.Select(part => new ExampleRange(Whole, part.Item1, part.Item2).ContentHash).Distinct().Count());
    }

    [Fact]
    public void Spans_of_the_wrong_length_are_refused() =>
        Assert.Throws<ArgumentException>(() => new ExampleRange(Whole, 0, 10).Gather([1], new float[2], new float[10]));
}
