namespace DistNet.Neural.Tests;

public class ArrayExampleSetSpecs
{
    private static readonly ArrayExampleSet Set = new([1, 2, 3, 4, 5, 6], 2, [10, 20, 30], 1);

    [Fact]
    public void Examples_are_gathered_in_the_order_wanted()
    {
        var (inputs, targets) = (new float[4], new float[2]);
        Set.Gather([2, 0], inputs, targets);
        Assert.Equal([5, 6, 1, 2], inputs);
        Assert.Equal([30, 10], targets);
    }

    [Fact]
    public void The_content_hash_tells_sets_apart_by_every_number_and_by_shape()
    {
        string[] hashes =
        [
            Set.ContentHash,
            new ArrayExampleSet([1, 2, 3, 4, 5, 7], 2, [10, 20, 30], 1).ContentHash,
            new ArrayExampleSet([1, 2, 3, 4, 5, 6], 2, [10, 20, 31], 1).ContentHash,
            new ArrayExampleSet([1, 2, 3, 4, 5, 6], 6, [10, 20, 30], 3).ContentHash,
        ];
        Assert.Equal(4, hashes.Distinct().Count());
        Assert.Equal(Set.ContentHash, new ArrayExampleSet([1, 2, 3, 4, 5, 6], 2, [10, 20, 30], 1).ContentHash);
    }

    [Theory]
    [InlineData(new float[] { }, new float[] { })]
    [InlineData(new float[] { 1, 2, 3 }, new float[] { 1 })]
    [InlineData(new float[] { 1, 2, 3, 4 }, new float[] { 1 })]
    [InlineData(new float[] { 1, float.NaN }, new float[] { 1 })]
    public void Arrays_that_make_no_examples_are_refused(float[] inputs, float[] targets) =>
        Assert.Throws<ArgumentException>(() => new ArrayExampleSet(inputs, 2, targets, 1));

    [Fact]
    public void An_index_outside_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => Set.Gather([3], new float[2], new float[1]));
}
