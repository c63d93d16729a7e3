namespace DistNet.Neural.Tests;

public sealed class IdxFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Raw_images_are_read_as_they_are()
    {
        var images = IdxFile.ReadImages(_folder.Write("images", IdxBytes.TwoImages()));
        Assert.Equal((2, 2, 3), (images.Count, images.Rows, images.Columns));
        Assert.Equal(Enumerable.Range(0, 12).Select(pixel => (byte)pixel), images.Pixels);
    }

    [Fact]
    public void Compressed_images_equal_raw_ones()
    {
        var images = IdxFile.ReadImages(_folder.Write("images.gz", IdxBytes.Gzip(IdxBytes.TwoImages())));
        Assert.Equal(IdxFile.ReadImages(_folder.Write("images", IdxBytes.TwoImages())).Pixels, images.Pixels);
    }

    [Fact]
    public void Compression_is_told_by_content_because_downloads_are_often_unpacked_under_their_old_name() =>
        Assert.Equal(2, IdxFile.ReadImages(_folder.Write("images.gz", IdxBytes.TwoImages())).Count);

    [Fact]
    public void Labels_are_read() =>
        Assert.Equal([7, 9], IdxFile.ReadLabels(_folder.Write("labels", IdxBytes.TwoLabels())));

    [Fact]
    public void Labels_in_place_of_images_are_refused_by_their_magic_number() =>
        AssertImagesRefused(IdxBytes.TwoLabels(), "at offset 0 expected the IDX magic number 0x00000803 (images), found 0x00000801;");

    [Fact]
    public void Images_in_place_of_labels_are_refused_by_their_magic_number() =>
        AssertLabelsRefused(IdxBytes.TwoImages(), "at offset 0 expected the IDX magic number 0x00000801 (labels), found 0x00000803;");

    [Fact]
    public void Another_element_type_is_refused() =>
        AssertImagesRefused(IdxBytes.Of(0x00000d03, [1, 1, 1], new byte[4]), "found 0x00000d03;");

    [Fact]
    public void Another_number_of_dimensions_is_refused() =>
        AssertImagesRefused(IdxBytes.Of(0x00000802, [1, 1], new byte[1]), "found 0x00000802;");

    [Theory]
    [InlineData(0)]
    [InlineData(3)]
    public void A_file_that_ends_within_the_magic_number_is_refused(int length) =>
        AssertImagesRefused(IdxBytes.TwoImages()[..length], $"at offset {length} expected the IDX magic number 0x00000803 (images), found the end of the file;");

    [Fact]
    public void A_file_that_ends_within_its_sizes_is_refused() =>
        AssertImagesRefused(IdxBytes.TwoImages()[..10], "at offset 10 expected the number of rows, found the end of the file;");

    [Fact]
    public void A_truncated_file_is_refused() =>
        AssertImagesRefused(IdxBytes.TwoImages()[..^1], "at offset 27 expected a file of 28 bytes, as its sizes say, found 27 bytes;");

    [Fact]
    public void An_over_long_file_is_refused() =>
        AssertImagesRefused([.. IdxBytes.TwoImages(), 0], "at offset 28 expected a file of 28 bytes, as its sizes say, found 29 bytes;");

    [Theory]
    [InlineData(0u, 2u, 3u, "at offset 4 expected 1 to 2147483647 images, found 0;")]
    [InlineData(2u, 0u, 3u, "at offset 8 expected 1 to 2147483647 rows, found 0;")]
    [InlineData(2u, 2u, 0u, "at offset 12 expected 1 to 2147483647 columns, found 0;")]
    [InlineData(0xffffffffu, 2u, 3u, "at offset 4 expected 1 to 2147483647 images, found 4294967295;")]
    public void Sizes_that_are_no_sizes_are_refused(uint count, uint rows, uint columns, string sentence) =>
        AssertImagesRefused(IdxBytes.Of(IdxBytes.Images, [count, rows, columns], new byte[12]), sentence);

    [Theory]
    [InlineData(0x7fffffffu, 0x7fffffffu, 0x7fffffffu)]
    [InlineData(0x40000000u, 2u, 2u)]
    [InlineData(0x10000u, 0x10000u, 1u)]
    public void Sizes_beyond_2_GB_are_refused_even_where_their_product_overflows(uint count, uint rows, uint columns) =>
        AssertImagesRefused(IdxBytes.Of(IdxBytes.Images, [count, rows, columns], new byte[12]), "at offset 4 expected sizes of at most 2147483591 bytes in all, found sizes of");

    [Fact]
    public void Sizes_that_the_file_cannot_hold_are_refused_before_memory_is_taken()
    {
        var path = _folder.Write("images", IdxBytes.Of(IdxBytes.Images, [1000, 1000, 1000], new byte[12]));
        var packed = _folder.Write("images.gz", IdxBytes.Gzip(File.ReadAllBytes(path)));
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path));
        Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(packed));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 10_000_000);
    }

    [Fact]
    public void A_truncated_gzip_file_is_refused_wherever_it_ends()
    {
        var packed = IdxBytes.Gzip(IdxBytes.TwoImages());
        for (var length = 0; length < packed.Length; length++)
            AssertImagesRefused(packed[..length], "expected");
    }

    [Fact]
    public void A_gzip_file_with_bytes_behind_it_is_refused() =>
        AssertImagesRefused([.. IdxBytes.Gzip(IdxBytes.TwoImages()), 1, 2, 3], "expected a file of 28 bytes, as its sizes say, found a gzip trailer for");

    [Fact]
    public void A_gzip_file_with_another_behind_it_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.TwoImages());
        AssertImagesRefused([.. packed, .. packed], "at offset 28 expected the end of the file, found more bytes;");
    }

    [Fact]
    public void A_gzip_file_whose_content_is_too_short_for_its_sizes_is_refused() =>
        AssertImagesRefused(IdxBytes.Gzip(IdxBytes.TwoImages()[..^1]), "at offset 27 expected a file of 28 bytes, as its sizes say, found a gzip trailer for 27 bytes;");

    [Fact]
    public void A_gzip_file_with_a_wrong_CRC_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.TwoImages());
        packed[^8] ^= 1; // RFC 1952: the CRC is the eighth to fifth byte from the end
        AssertImagesRefused(packed, "expected intact gzip content, found damaged gzip content;");
    }

    [Fact]
    public void A_gzip_file_damaged_in_any_byte_behind_its_header_is_refused()
    {
        var packed = IdxBytes.Gzip(IdxBytes.TwoImages());
        for (var at = 10; at < packed.Length; at++) // the ten bytes of gzip's own header hold a time stamp, which may be anything
        {
            var damaged = packed.ToArray();
            damaged[at] ^= 0x10;
            AssertImagesRefused(damaged, "expected");
        }
    }

    [Fact]
    public void A_label_out_of_range_is_refused_with_its_place() =>
        AssertLabelsRefused(IdxBytes.Of(IdxBytes.Labels, [3], [9, 10, 255]), "at offset 9 expected a label from 0 to 9, found 10;");

    [Fact]
    public void Labels_may_have_another_range() =>
        Assert.Equal([9, 25], IdxFile.ReadLabels(_folder.Write("labels", IdxBytes.Of(IdxBytes.Labels, [2], [9, 25])), classCount: 26));

    [Theory]
    [InlineData(0)]
    [InlineData(257)]
    public void A_class_count_that_bytes_cannot_hold_is_the_callers_mistake(int classCount) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => IdxFile.ReadLabels("labels", classCount));

    [Fact]
    public void Every_refusal_is_one_sentence_that_names_the_file_and_says_what_to_do()
    {
        var path = _folder.Write("images", IdxBytes.TwoLabels());
        var refusal = Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path));
        Assert.Equal($"{path} cannot be used: at offset 0 expected the IDX magic number 0x00000803 (images), found 0x00000801; take a fresh copy of the file.", refusal.Message);
    }

    private void AssertImagesRefused(byte[] content, string sentence)
    {
        var path = _folder.Write("images", content);
        Assert.Contains(sentence, Assert.Throws<InvalidDataException>(() => IdxFile.ReadImages(path)).Message, StringComparison.Ordinal);
    }

    private void AssertLabelsRefused(byte[] content, string sentence)
    {
        var path = _folder.Write("labels", content);
        Assert.Contains(sentence, Assert.Throws<InvalidDataException>(() => IdxFile.ReadLabels(path)).Message, StringComparison.Ordinal);
    }
}
