using DistNet.Neural;
using Microsoft.ML.OnnxRuntime;

namespace DistNet.Tests;

/// <summary>Exported models, run by ONNX Runtime.</summary>
[Collection(MnistModelGroup.Name)]
public sealed class ExportSpecs(MnistModel trained) : IDisposable
{
    private const double Tolerance = 1e-5;

    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Fact]
    public async Task ONNX_Runtime_gives_all_of_MNISTs_test_images_the_same_labels_and_probabilities()
    {
        var file = Path.Combine(_work.Root, "digits.onnx");
        var outcome = await Workspace.Run("export", "latest", "--format", "onnx", "--output", file, "--runs", trained.Runs);
        Assert.True(outcome.Code == 0, outcome.Error);

        var (model, images) = (trained.Read(), ImageFolder.LoadTest(trained.Mnist));
        var (probabilities, labels) = Infer(file, images);
        var expected = Outputs(model, images);
        Assert.Equal(10_000, labels.Length);
        Assert.Equal(Labels(expected, 10), labels);
        Assert.InRange(LargestDifference(expected, probabilities), 0, Tolerance);
    }

    [Theory]
    [InlineData(Activation.Linear)]
    [InlineData(Activation.Relu)]
    [InlineData(Activation.Sigmoid)]
    [InlineData(Activation.Tanh)]
    [InlineData(Activation.Softmax)]
    public void Every_activation_can_be_exported(Activation activation)
    {
        var network = NetworkSpec.WithInputs(SmallImages.Side * SmallImages.Side).Dense(7, activation).Dense(5, activation).Minimize(Loss.MeanSquaredError);
        var images = ImageFolder.Load(_work.Data).Test;
        var model = new Model
        {
            Spec = new TrainingSpec { Network = network, Optimizer = OptimizerSpec.Parse("sgd") },
            Data = DataDescription.Of(images, null),
            Version = 3,
            Parameters = ParameterInitializer.Create(network, 1),
        };
        var file = Path.Combine(_work.Root, "small.onnx");
        OnnxFile.Write(file, model);
        Assert.InRange(LargestDifference(Outputs(model, images), Infer(file, images).Probabilities), 0, Tolerance);
    }

    [Fact]
    public async Task A_model_says_in_the_file_which_it_is()
    {
        var run = await Workspace.Run(_work.Train("--plain", "--json"));
        var file = Path.Combine(_work.Root, "m.onnx");
        await Workspace.Run("export", "--output", file, "--runs", _work.Runs);
        using var session = new InferenceSession(file);
        var metadata = session.ModelMetadata;
        Assert.Equal(("DistNet", run.Sha256), (metadata.ProducerName, metadata.CustomMetadataMap["weightsSha256"]));
        Assert.Equal([-1, 64], session.InputMetadata[OnnxFile.Input].Dimensions); // any number of examples
    }

    [Fact]
    public async Task What_is_not_there_cannot_be_exported_and_leaves_no_file()
    {
        var file = Path.Combine(_work.Root, "none.onnx");
        var outcome = await Workspace.Run("export", "latest", "--output", file, "--runs", _work.Runs);
        Assert.Equal((1, false), (outcome.Code, File.Exists(file)));
        Assert.NotEmpty(outcome.Sentence);
    }

    private static (float[] Probabilities, long[] Labels) Infer(string file, ImageSet images)
    {
        using var session = new InferenceSession(file);
        using var pixels = OrtValue.CreateTensorValueFromMemory(
            images.Pixels.ToArray().Select(pixel => (float)pixel).ToArray(), [images.Count, images.InputSize]);
        using var run = new RunOptions();
        using var outputs = session.Run(run, [OnnxFile.Input], [pixels], [OnnxFile.Output, OnnxFile.Label]);
        return ([.. outputs[0].GetTensorDataAsSpan<float>()], [.. outputs[1].GetTensorDataAsSpan<long>()]);
    }

    private static float[] Outputs(Model model, ImageSet images)
    {
        var pass = new ForwardPass<float>(model.Spec.Network, 16, images.Count);
        var targets = new float[images.Count * images.TargetSize];
        images.Gather([.. Enumerable.Range(0, images.Count)], pass.Inputs(images.Count), targets);
        pass.Forward(model.Parameters, images.Count);
        return [.. pass.Outputs(images.Count)];
    }

    private static long[] Labels(float[] outputs, int classes) => [.. outputs.Chunk(classes).Select(row => (long)row.IndexOf(row.Max()))];

    private static double LargestDifference(float[] expected, float[] found) => expected.Zip(found, (mine, other) => Math.Abs(mine - (double)other)).Max();
}
