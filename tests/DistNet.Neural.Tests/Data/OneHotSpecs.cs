namespace DistNet.Neural.Tests;

public sealed class OneHotSpecs
{
    [Fact]
    public void Labels_become_rows_with_a_1_at_the_label() =>
        Assert.Equal([0, 0, 0, 1, 0, 0, 1, 0, 1, 0, 0, 0], OneHot.Encode([3, 2, 0], classCount: 4));

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    public void A_label_outside_the_row_is_refused(int label) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.Encode(label, new float[4]));

    [Fact]
    public void A_label_that_is_no_class_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.Encode([4], classCount: 4));

    [Fact]
    public void There_must_be_a_class() => Assert.Throws<ArgumentOutOfRangeException>(() => OneHot.Encode([], classCount: 0));
}
