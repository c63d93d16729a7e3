using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;

namespace DistNet.Neural.Tests;

/// <summary>https://github.com/huggingface/safetensors, "Format".</summary>
public sealed class SafetensorsSpecs : IDisposable
{
    private const string OneTensor = """{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""";

    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("x.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_file_is_these_bytes()
    {
        Write([Tensor("b", [2], 1, -2.5f), Tensor("a", [], 3)], ("note", "a \"word\""));
        const string header =
            """{"__metadata__":{"sha256":"DIGITS","note":"a \"word\""},"b":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"a":{"dtype":"F32","shape":[],"data_offsets":[8,12]}}""";
        byte[] data = [0, 0, 0x80, 0x3f, 0, 0, 0x20, 0xc0, 0, 0, 0x40, 0x40];
        var unpadded = header.Replace("DIGITS", new string('0', 64), StringComparison.Ordinal);
        var zeroed = SafetensorsBytes.Of(unpadded.PadRight((unpadded.Length + 7) / 8 * 8), data);
        var checksum = Convert.ToHexStringLower(SHA256.HashData(zeroed));
        var expected = Encoding.Latin1.GetString(zeroed).Replace(new string('0', 64), checksum, StringComparison.Ordinal);
        Assert.Equal(expected, Encoding.Latin1.GetString(File.ReadAllBytes(FilePath)));
    }

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("12345")]
    public void The_data_begins_at_a_multiple_of_8(string note)
    {
        Write([Tensor("a", [1], 1)], ("note", note));
        Assert.Equal(0, (new FileInfo(FilePath).Length - 4) % 8);
    }

    [Fact]
    public void What_was_written_is_read()
    {
        Write([Tensor("b", [2, 3], 1, 2, 3, 4, 5, 6), Tensor("none", [0]), Tensor("a", [1, 1, 1], -0f)], ("note", "ä€😀\n"));
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Equal("ä€😀\n", file.Metadata["note"]);
        Assert.Equal(["b", "none", "a"], file.Entries.Select(entry => entry.Name));
        Assert.Equal("[2, 3]", Entry(file, "b").ShapeText);
        Assert.Equal([1, 2, 3, 4, 5, 6], Read(file, "b"));
        Assert.Empty(Read(file, "none"));
        Samples.AssertSameBits([-0f], Read(file, "a"));
    }

    [Fact]
    public void Tensors_longer_than_a_block_are_read_whole()
    {
        var values = Enumerable.Range(0, 600_001).Select(value => (float)value).ToArray();
        Write([Tensor("a", [600_001], values)]);
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Equal(values, Read(file, "a"));
    }

    [Fact]
    public void Files_of_other_programs_need_no_checksum_and_may_list_tensors_in_any_order()
    {
        var path = _folder.Write("x", SafetensorsBytes.Of(
            """ {"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}} """.TrimStart(),
            0, 0, 0x80, 0x3f, 0, 0, 0, 0x40));
        using var file = SafetensorsReader.Open(path);
        Assert.Equal(["a", "b"], file.Entries.Select(entry => entry.Name));
        Assert.Equal([2f], Read(file, "b"));
        Assert.Equal([1f], Read(file, "a"));
        Assert.Empty(file.Metadata);
    }

    [Theory]
    [InlineData(0, "at offset 0 expected the 8 bytes of the header's length, found a file of 0 bytes;")]
    [InlineData(7, "at offset 0 expected the 8 bytes of the header's length, found a file of 7 bytes;")]
    [InlineData(20, "at offset 0 expected a header of 2 to 12 bytes, found 54;")]
    [InlineData(65, "at offset 65 expected 4 bytes of data, as the header says, found 3;")]
    public void A_file_that_ends_too_early_is_refused(int length, string sentence) =>
        AssertRefused(SafetensorsBytes.Of(OneTensor, 0, 0, 0, 0)[..length], sentence);

    [Fact]
    public void A_file_that_goes_on_is_refused() =>
        AssertRefused(SafetensorsBytes.Of(OneTensor, 0, 0, 0, 0, 0), "at offset 66 expected 4 bytes of data, as the header says, found 5;");

    [Fact]
    public void A_header_beyond_100_MB_is_refused_before_memory_is_taken()
    {
        using (var file = File.Create(FilePath))
        {
            file.Write([0, 0, 0, 8, 0, 0, 0, 0]); // 128 MB
            file.SetLength(200_000_000); // sparse: takes no disk
        }
        var refusal = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(FilePath));
        Assert.Contains("expected a header of 2 to 100000000 bytes, found 134217728;", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]", "expected a JSON object")]
    [InlineData("{\"a\"", "expected a JSON header, found something else;")]
    [InlineData("""{"__metadata__":{"a":1}}""", "expected a text as 'a', found 1;")]
    [InlineData("""{"__metadata__":{"a":"1","a":"2"}}""", "expected a JSON header")]
    [InlineData("""{"__metadata__":{"a":"\ud800"}}""", "expected a JSON header")]
    [InlineData("""{"a":1}""", "expected an object as 'a', found 1;")]
    [InlineData("""{"a":{"shape":[1],"data_offsets":[0,4]}}""", "expected a field 'dtype', found none;")]
    [InlineData("""{"a":{"dtype":"F32","data_offsets":[0,4]}}""", "expected a field 'shape', found none;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "expected a field 'data_offsets', found none;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}}""", "expected only the fields dtype, shape, data_offsets, found field 'more';")]
    [InlineData("""{"a":{"dtype":"F16","shape":[2],"data_offsets":[0,4]}}""", "expected tensor a of dtype F32, found F16;")]
    [InlineData("""{"a":{"dtype":"BF16","shape":[2],"data_offsets":[0,4]}}""", "found BF16;")]
    [InlineData("""{"a":{"dtype":"F32","shape":1,"data_offsets":[0,4]}}""", "expected a list as 'shape', found 1;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "expected a whole number as 'shape', found 1.5;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "expected a shape of at most 2147483591 values for tensor a, found [-1];")]
    [InlineData("""{"a":{"dtype":"F32","shape":[65536,65536],"data_offsets":[0,4]}}""", "expected a shape of at most 2147483591 values for tensor a, found [65536, 65536];")]
    [InlineData("""{"a":{"dtype":"F32","shape":[0,4294967296],"data_offsets":[0,4]}}""", "expected a shape of at most")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "expected 8 bytes in tensor a, as its shape says, found 4 bytes;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "expected two ascending data_offsets of tensor a, found [4, 0];")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}""", "expected two ascending data_offsets of tensor a, found [-4, 0];")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "expected two ascending data_offsets of tensor a, found [0];")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "expected tensor a at data offset 0, without gap or overlap, found data offset 4;")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "expected tensor b at data offset 4, without gap or overlap, found data offset 0;")]
    [InlineData("""{"__metadata__":{"sha256":"12"},"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "expected a checksum of 64 hexadecimal digits, found '12';")]
    public void A_header_that_does_not_describe_the_file_is_refused(string header, string sentence) =>
        AssertRefused(SafetensorsBytes.Of(header, 0, 0, 0, 0), sentence);

    [Fact]
    public void A_header_that_is_not_UTF_8_is_refused()
    {
        var file = SafetensorsBytes.Of("""{"__metadata__":{"a":"x"}}""");
        file[Array.IndexOf(file, (byte)'x')] = 0xff;
        AssertRefused(file, "expected a JSON header");
    }

    [Fact]
    public void A_checksum_that_does_not_fit_is_refused_with_both()
    {
        Write([Tensor("a", [1], 1)]);
        var file = File.ReadAllBytes(FilePath);
        var checksum = SafetensorsBytes.Parse(file).Header.GetProperty("__metadata__").GetProperty("sha256").GetString();
        file[^1] ^= 1;
        AssertRefused(file, $"x.safetensors cannot be used: expected the SHA-256 {checksum} that it names, found ");
    }

    [Fact]
    public void Tensors_that_do_not_fit_together_are_the_callers_mistake_and_leave_no_file()
    {
        Assert.Throws<ArgumentException>(() => Write([Tensor("a", [2], 1)]));
        Assert.Throws<ArgumentException>(() => Write([Tensor("a", [1], 1), Tensor("a", [1], 1)]));
        Assert.Throws<ArgumentException>(() => Write([Tensor("__metadata__", [1], 1)]));
        Assert.Throws<ArgumentException>(() => Write([], ("sha256", "mine")));
        Assert.Empty(Directory.EnumerateFileSystemEntries(_folder.Path));
    }

    [Fact]
    public void A_span_of_the_wrong_length_is_the_callers_mistake()
    {
        Write([Tensor("a", [2], 1, 2)]);
        using var file = SafetensorsReader.Open(FilePath);
        Assert.Throws<ArgumentException>(() => file.Read(file.Entries[0], new float[3]));
    }

    [Fact]
    public void A_missing_file_is_an_IO_error() => Assert.Throws<FileNotFoundException>(() => SafetensorsReader.Open(FilePath));

    private static SafetensorsTensor Tensor(string name, ImmutableArray<int> shape, params float[] values) => new(name, shape, values);

    private static SafetensorsEntry Entry(SafetensorsReader file, string name) => file.Entries.Single(entry => entry.Name == name);

    private static float[] Read(SafetensorsReader file, string name)
    {
        var values = new float[Entry(file, name).Length];
        file.Read(Entry(file, name), values);
        return values;
    }

    private void Write(SafetensorsTensor[] tensors, params (string Name, string Text)[] metadata) =>
        SafetensorsWriter.Write(FilePath, tensors, metadata.ToDictionary(field => field.Name, field => field.Text));

    private void AssertRefused(byte[] content, string sentence)
    {
        File.WriteAllBytes(FilePath, content);
        var refusal = Assert.Throws<InvalidDataException>(() => SafetensorsReader.Open(FilePath));
        Assert.StartsWith($"{FilePath} cannot be used: ", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(sentence, refusal.Message, StringComparison.Ordinal);
    }
}
