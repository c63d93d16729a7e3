namespace DistNet.Neural.Tests;

public class IncomingImagesSpecs
{
    // Ten images of 2 x 3 pixels in three classes.
    private readonly ImageSet _images =
        new([.. Enumerable.Range(0, 60).Select(i => (byte)i)], [.. Enumerable.Range(0, 10).Select(i => (byte)(i % 3))], 2, 3, 3);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(60)]
    [InlineData(70)]
    public void A_set_whose_content_comes_in_pieces_is_the_set(int pieceBytes)
    {
        var incoming = new IncomingImages(DataDescription.Of(_images), 2, 3);
        foreach (var offset in Offsets(pieceBytes).Reverse())
            Copy(incoming, offset, pieceBytes);
        var received = incoming.Complete();

        Assert.Equal(_images.ContentHash, received.ContentHash);
        Assert.Equal(_images.Pixels.ToArray(), received.Pixels.ToArray());
        Assert.Equal(_images.Labels.ToArray(), received.Labels.ToArray());
    }

    [Fact]
    public void A_piece_that_is_missing_is_found_by_the_hash()
    {
        var incoming = new IncomingImages(DataDescription.Of(_images), 2, 3);
        foreach (var offset in Offsets(7).Where(offset => offset != 14))
            Copy(incoming, offset, 7);
        Assert.Contains(_images.ContentHash, Assert.Throws<InvalidDataException>(incoming.Complete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_bit_that_is_wrong_is_found_by_the_hash()
    {
        var incoming = new IncomingImages(DataDescription.Of(_images), 2, 3);
        Copy(incoming, 0, 70);
        incoming.Write(31, [(byte)(_images.Pixels[31] ^ 1)]);
        Assert.Throws<InvalidDataException>(incoming.Complete);
    }

    [Fact]
    public void The_same_bytes_in_another_shape_are_another_set()
    {
        var incoming = new IncomingImages(DataDescription.Of(_images), 3, 2);
        Copy(incoming, 0, 70);
        Assert.Throws<InvalidDataException>(incoming.Complete);
    }

    [Fact]
    public void A_label_beyond_the_classes_is_refused_in_a_sentence()
    {
        var incoming = new IncomingImages(DataDescription.Of(_images), 2, 3);
        Copy(incoming, 0, 70);
        incoming.Write(64, [3]);
        Assert.Equal("Image 4 has the label 3, but there are 3 classes.", Assert.Throws<InvalidDataException>(incoming.Complete).Message);
    }

    [Theory]
    [InlineData(2, 4)]
    [InlineData(0, 6)]
    [InlineData(-2, -3)]
    public void A_shape_that_is_not_that_of_the_set_is_refused_before_memory_is_taken(int rows, int columns) =>
        Assert.Throws<InvalidDataException>(() => new IncomingImages(DataDescription.Of(_images), rows, columns));

    [Theory]
    [InlineData(-1, 1)]
    [InlineData(70, 1)]
    [InlineData(69, 2)]
    public void What_lies_outside_the_content_is_neither_given_nor_taken(long offset, int length)
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => _images.CopyContent(offset, new byte[length]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new IncomingImages(DataDescription.Of(_images), 2, 3).Write(offset, new byte[length]));
    }

    private static IEnumerable<int> Offsets(int pieceBytes) => Enumerable.Range(0, (70 + pieceBytes - 1) / pieceBytes).Select(i => i * pieceBytes);

    private void Copy(IncomingImages incoming, int offset, int length)
    {
        var piece = new byte[Math.Min(length, 70 - offset)];
        _images.CopyContent(offset, piece);
        incoming.Write(offset, piece);
    }
}
