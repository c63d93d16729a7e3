using System.Security.Cryptography;

namespace DistNet.Neural.Tests;

public sealed class ModelFileSpecs : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private string FilePath => _folder.File("m.safetensors");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_model_carries_all_that_evaluation_needs()
    {
        ModelFile.Write(FilePath, Samples.Model());
        var model = ModelFile.Read(FilePath);
        Assert.Equal((Samples.Spec(), Samples.Data, 12L), (model.Spec, model.Data, model.Version));
        Samples.AssertSameBits(Samples.Parameters, model.Parameters);
    }

    [Fact]
    public void Data_that_came_from_no_folder_has_no_source()
    {
        ModelFile.Write(FilePath, Samples.Model() with { Data = Samples.Data with { Source = null } });
        Assert.Null(ModelFile.Read(FilePath).Data.Source);
    }

    [Fact]
    public void Any_safetensors_reader_finds_the_tensors_by_name()
    {
        ModelFile.Write(FilePath, Samples.Model());
        var file = File.ReadAllBytes(FilePath);
        Assert.Equal(Samples.Parameters[8..12], SafetensorsBytes.Tensor(file, "dense_1/kernel"));
        Assert.Equal([2, 2], SafetensorsBytes.Shape(file, "dense_1/kernel"));
    }

    [Fact]
    public void The_hash_of_the_data_section_alone_is_the_weights_hash()
    {
        ModelFile.Write(FilePath, Samples.Model());
        var (_, data) = SafetensorsBytes.Parse(File.ReadAllBytes(FilePath));
        Assert.Equal(WeightsHash.Of(Samples.Parameters), Convert.ToHexStringLower(SHA256.HashData(data)));
    }

    [Fact]
    public void A_damaged_model_is_refused()
    {
        ModelFile.Write(FilePath, Samples.Model());
        var file = File.ReadAllBytes(FilePath);
        file[^3] ^= 4;
        File.WriteAllBytes(FilePath, file);
        Assert.Contains("the SHA-256", Assert.Throws<InvalidDataException>(() => ModelFile.Read(FilePath)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_checkpoint_is_no_model()
    {
        CheckpointFile.Write(FilePath, Samples.Checkpoint());
        var refusal = Assert.Throws<InvalidDataException>(() => ModelFile.Read(FilePath));
        Assert.Equal($"{FilePath} cannot be used: expected a DistNet model, found a checkpoint; name a model file.", refusal.Message);
    }

    [Fact]
    public void A_text_file_is_no_model()
    {
        File.WriteAllText(FilePath, "This is no model at all.");
        var refusal = Assert.Throws<InvalidDataException>(() => ModelFile.Read(FilePath));
        Assert.Contains("at offset 0 expected a header of 2 to 16 bytes, found ", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parameters_that_do_not_fit_the_network_are_the_callers_mistake()
    {
        Assert.Throws<ArgumentException>(() => ModelFile.Write(FilePath, Samples.Model() with { Parameters = new float[15] }));
        Assert.False(File.Exists(FilePath));
    }

    [Fact]
    public void Data_is_described_by_shape_and_content()
    {
        var images = new ImageSet(new byte[12], new byte[2], 2, 3);
        Assert.Equal(new DataDescription(images.ContentHash, 2, 6, 10, "here"), DataDescription.Of(images, "here"));
    }
}
