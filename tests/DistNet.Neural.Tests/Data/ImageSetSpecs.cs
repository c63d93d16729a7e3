namespace DistNet.Neural.Tests;

public sealed class ImageSetSpecs
{
    [Fact]
    public void Gathered_pixels_are_x_over_255_rounded_as_division_rounds_and_labels_are_one_hot()
    {
        var images = new ImageSet([0, 1, 2, 127, 254, 255], [1, 0, 2], rows: 1, columns: 2, classCount: 3);
        var (inputs, targets) = (new float[4], new float[6]);
        images.Gather([2, 0], inputs, targets);
        Assert.Equal([254 / 255f, 1, 0, 1 / 255f], inputs);
        Assert.Equal([0, 0, 1, 0, 1, 0], targets);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(256)]
    [InlineData(784)]
    public void Every_pixel_value_is_scaled_exactly_at_every_place_of_a_vector(int size)
    {
        for (var shift = 0; shift < 256; shift++)
        {
            var pixels = Enumerable.Range(shift, size).Select(pixel => (byte)pixel).ToArray();
            var inputs = new float[size];
            PixelScale.Scale(pixels, inputs);
            Assert.Equal(pixels.Select(pixel => pixel / 255f), inputs);
        }
    }

    [Fact]
    public void Gather_overwrites_what_was_there()
    {
        var images = new ImageSet([0, 0], [1], rows: 1, columns: 2, classCount: 2);
        float[] inputs = [9, 9], targets = [9, 9];
        images.Gather([0], inputs, targets);
        Assert.Equal([0, 0], inputs);
        Assert.Equal([0, 1], targets);
    }

    [Fact]
    public void Many_images_are_gathered_in_the_order_asked_for()
    {
        var images = Numbered(100);
        var indices = Enumerable.Range(0, 100).Select(i => i * 37 % 100).ToArray();
        var (inputs, targets) = (new float[100 * 3], new float[100 * 10]);
        images.Gather(indices, inputs, targets);
        Assert.Equal(indices.Select(index => index / 255f), inputs.Where((_, i) => i % 3 == 0));
    }

    [Fact]
    public void Gather_allocates_nothing()
    {
        var images = Numbered(100);
        var (indices, inputs, targets) = (new int[64], new float[64 * 3], new float[64 * 10]);
        images.Gather(indices, inputs, targets);
        var before = GC.GetAllocatedBytesForCurrentThread();
        images.Gather(indices, inputs, targets);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Theory]
    [InlineData(5, 20, "Expected 2 x 3 inputs, got 5.")]
    [InlineData(6, 19, "Expected 2 x 10 targets, got 19.")]
    public void Spans_of_the_wrong_length_are_refused(int inputs, int targets, string sentence)
    {
        var refusal = Assert.Throws<ArgumentException>(() => Numbered(4).Gather([0, 1], new float[inputs], new float[targets]));
        Assert.StartsWith(sentence, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(4)]
    [InlineData(int.MaxValue)]
    public void An_index_outside_the_set_is_refused(int index)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(4).Gather([0, index], new float[6], new float[20]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(4).Gather([.. new int[20], index], new float[21 * 3], new float[21 * 10]));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(4).Image(index).Length);
    }

    [Fact]
    public void An_image_is_its_own_pixels() => Assert.Equal([2, 2, 2], Numbered(4).Image(2).ToArray());

    [Fact]
    public void Equal_content_has_equal_hashes_and_any_difference_shows()
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6], labels = [0, 1];
        var hash = new ImageSet(pixels, labels, 1, 3).ContentHash;
        Assert.Equal(hash, new ImageSet([.. pixels], [.. labels], 1, 3).ContentHash);
        Assert.Matches("^[0-9a-f]{64}$", hash);
        string[] others =
        [
            new ImageSet([1, 2, 3, 4, 5, 7], labels, 1, 3).ContentHash,
            new ImageSet(pixels, [1, 1], 1, 3).ContentHash,
            new ImageSet(pixels, labels, 3, 1).ContentHash,
            new ImageSet(pixels, labels, 1, 3, classCount: 11).ContentHash,
        ];
        Assert.Equal(5, others.Append(hash).Distinct().Count());
    }

    [Fact]
    public void Arrays_that_do_not_fit_together_are_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => new ImageSet([], [], 1, 1));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[5], new byte[2], 1, 3));
        Assert.Throws<ArgumentException>(() => new ImageSet(new byte[1], [10], 1, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[1], new byte[1], 0, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[1], new byte[1], 1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ImageSet(new byte[1], new byte[1], 1, 1, classCount: 257));
    }

    /// <summary>Images of 1 x 3 pixels, each pixel the image's index.</summary>
    private static ImageSet Numbered(int count) => new(
        [.. Enumerable.Range(0, count).SelectMany(index => Enumerable.Repeat((byte)index, 3))],
        [.. Enumerable.Range(0, count).Select(index => (byte)(index % 10))],
        rows: 1,
        columns: 3);
}
