using System.Text;

namespace DistNet.Neural.Tests;

public sealed class CheckpointFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("c.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Every_bit_of_a_checkpoint_comes_back()
    {
        CheckpointFile.Write(FilePath, Samples.Checkpoint());
        Samples.AssertEqual(Samples.Checkpoint(), CheckpointFile.Read(FilePath));
    }

    [Theory]
    [InlineData("sgd")]
    [InlineData("nesterov")]
    [InlineData("rmsprop")]
    [InlineData("adamw")]
    [InlineData("adagrad")]
    public void It_comes_back_with_any_optimizer(string optimizer)
    {
        var spec = Samples.Spec(optimizer);
        var slots = spec.Optimizer.SlotNames.ToDictionary(name => name, name => Samples.Parameters);
        var checkpoint = Samples.Checkpoint() with { Spec = spec, Slots = slots, History = [], EpochStatistics = default };
        CheckpointFile.Write(FilePath, checkpoint);
        Samples.AssertEqual(checkpoint, CheckpointFile.Read(FilePath));
    }

    [Fact]
    public void Any_safetensors_reader_finds_the_tensors_by_name()
    {
        CheckpointFile.Write(FilePath, Samples.Checkpoint());
        var file = File.ReadAllBytes(FilePath);
        Assert.Equal([3, 2], SafetensorsBytes.Shape(file, "dense_0/kernel"));
        Assert.Equal([2], SafetensorsBytes.Shape(file, "dense_0/bias"));
        Assert.Equal([2, 2], SafetensorsBytes.Shape(file, "dense_1/kernel"));
        Assert.Equal(Samples.Parameters[..6], SafetensorsBytes.Tensor(file, "dense_0/kernel"));
        Assert.Equal(Samples.Parameters[6..8], SafetensorsBytes.Tensor(file, "dense_0/bias"));
        Assert.Equal(Samples.Parameters[12..].Select(value => value / 3), SafetensorsBytes.Tensor(file, "optimizer/velocity/dense_1/bias"));
        Assert.Equal(4 * 3, SafetensorsBytes.Parse(file).Header.EnumerateObject().Count(field => field.Name != "__metadata__"));
    }

    [Theory]
    [InlineData(0x01)] // a neighbour
    [InlineData(0x20)] // a letter's other case, which hexadecimal digits and JSON might forgive
    public void Every_byte_that_is_flipped_is_noticed(byte flip)
    {
        CheckpointFile.Write(FilePath, Small());
        using var file = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        for (var at = 0; at < file.Length; at++)
        {
            Flip(file, at, flip);
            var refusal = Record.Exception(() => CheckpointFile.Read(FilePath));
            Assert.True(refusal is InvalidDataException, $"byte {at} ^ {flip}: {refusal?.GetType().Name ?? "read"} {refusal?.Message}");
            Flip(file, at, flip);
        }
        Assert.Equal(12, CheckpointFile.Read(FilePath).Version);
    }

    [Fact]
    public void Every_truncation_is_noticed()
    {
        CheckpointFile.Write(FilePath, Small());
        using var file = new FileStream(FilePath, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        for (var length = file.Length - 1; length >= 0; length--)
        {
            file.SetLength(length);
            Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(FilePath));
        }
    }

    [Fact]
    public void A_model_is_no_checkpoint()
    {
        ModelFile.Write(FilePath, Samples.Model());
        AssertRefused("expected a DistNet checkpoint, found a model; name a checkpoint file.");
    }

    [Fact]
    public void A_file_of_another_program_is_no_checkpoint()
    {
        File.WriteAllBytes(FilePath, SafetensorsBytes.Of("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", 0, 0, 0, 0));
        AssertRefused("expected a metadata field 'kind', found none; name a file that DistNet wrote.");
    }

    [Fact]
    public void A_checkpoint_without_a_checksum_is_refused()
    {
        CheckpointFile.Write(FilePath, Samples.Checkpoint());
        var text = Encoding.Latin1.GetString(File.ReadAllBytes(FilePath));
        File.WriteAllBytes(FilePath, Encoding.Latin1.GetBytes(text.Replace("\"sha256\"", "\"sha255\"", StringComparison.Ordinal)));
        AssertRefused("expected a metadata field 'sha256', found none;");
    }

    [Theory]
    [InlineData("formatVersion", "2", "expected format version 1, found 2; read it with the version of DistNet that wrote it.")]
    [InlineData("version", "-1", "expected a whole number as metadata field 'version', found '-1';")]
    [InlineData("version", "x", "expected a whole number as metadata field 'version', found 'x';")]
    [InlineData("history", "{}", "expected a field 'epochs', found none;")]
    [InlineData("history", "{", "expected JSON, found ")]
    [InlineData("epochStatistics", """{"lossSum":1,"correct":1.5,"examples":1}""", "expected a whole number as 'correct', found 1.5;")]
    [InlineData("epochStatistics", """{"lossSum":"much","correct":1,"examples":1}""", "expected a number as 'lossSum', found \"much\";")]
    [InlineData("spec", "{}", "c.safetensors")]
    public void Metadata_that_makes_no_sense_is_refused_even_with_a_good_checksum(string name, string text, string sentence)
    {
        Rewrite(metadata => metadata[name] = text, tensors => tensors);
        AssertRefused(sentence);
    }

    [Theory]
    [InlineData("spec")]
    [InlineData("dataHash")]
    [InlineData("version")]
    [InlineData("epochStatistics")]
    [InlineData("history")]
    public void Metadata_that_is_missing_is_refused(string name)
    {
        Rewrite(metadata => metadata.Remove(name), tensors => tensors);
        AssertRefused($"expected a metadata field '{name}', found none;");
    }

    [Fact]
    public void Tensors_that_do_not_fit_the_network_are_refused()
    {
        Rewrite(_ => { }, tensors => tensors[1..]);
        AssertRefused("expected 12 tensors, as its specification says, found 11;");
        Rewrite(_ => { }, tensors => [tensors[0] with { Name = "dense_7/kernel" }, .. tensors[1..]]);
        AssertRefused("expected a tensor dense_0/kernel, as its specification says, found none;");
        Rewrite(_ => { }, tensors => [tensors[0] with { Shape = [2, 3] }, .. tensors[1..]]);
        AssertRefused("expected tensor dense_0/kernel with shape [3, 2], as its specification says, found [2, 3];");
    }

    [Fact]
    public void Vectors_that_do_not_fit_the_network_are_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => CheckpointFile.Write(FilePath, Samples.Checkpoint() with { Parameters = new float[13] }));
        Assert.Throws<ArgumentException>(() => CheckpointFile.Write(FilePath, Samples.Checkpoint() with { Slots = new Dictionary<string, float[]> { ["momentum"] = new float[15] } }));
        Assert.Throws<ArgumentOutOfRangeException>(() => CheckpointFile.Write(FilePath, Samples.Checkpoint(-1)));
        Assert.False(File.Exists(FilePath));
    }

    /// <summary>About 1 KB, so that each byte can have its turn.</summary>
    private static Checkpoint Small() =>
        Samples.Checkpoint() with { Spec = Samples.Spec("sgd"), Slots = new Dictionary<string, float[]>(), History = [] };

    private static void Flip(FileStream file, int at, byte flip)
    {
        file.Position = at;
        var flipped = (byte)(file.ReadByte() ^ flip);
        file.Position = at;
        file.WriteByte(flipped);
    }

    /// <summary>A checkpoint with other content and a checksum that fits it.</summary>
    private void Rewrite(Action<Dictionary<string, string>> change, Func<SafetensorsTensor[], SafetensorsTensor[]> tensors)
    {
        CheckpointFile.Write(FilePath, Samples.Checkpoint());
        var content = File.ReadAllBytes(FilePath);
        using var file = SafetensorsReader.Open(FilePath);
        var metadata = file.Metadata.Remove("sha256").ToDictionary();
        change(metadata);
        SafetensorsWriter.Write(FilePath, tensors([.. file.Entries.Select(entry => new SafetensorsTensor(entry.Name, entry.Shape, SafetensorsBytes.Tensor(content, entry.Name)))]), metadata);
    }

    private void AssertRefused(string sentence) =>
        Assert.Contains(sentence, Assert.Throws<InvalidDataException>(() => CheckpointFile.Read(FilePath)).Message, StringComparison.Ordinal);
}
