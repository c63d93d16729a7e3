using DistNet.Neural;

namespace DistNet.Tests;

/// <summary>Weights in the files of other programs.</summary>
[Collection(MnistModelGroup.Name)]
public sealed class ImportSpecs(MnistModel trained) : IDisposable
{
    private readonly Workspace _work = new();

    public void Dispose() => _work.Dispose();

    [Theory]
    [InlineData("0.weight", "0.bias", "2.weight", "2.bias", true)]
    [InlineData("fc9.weight", "fc9.bias", "fc10.weight", "fc10.bias", true)]
    [InlineData("dense/kernel", "dense/bias", "dense_1/kernel", "dense_1/bias", false)]
    [InlineData("dense_0/kernel:0", "dense_0/bias:0", "dense_1/kernel:0", "dense_1/bias:0", false)]
    public async Task Weights_of_PyTorch_and_of_Keras_make_the_same_model(string kernel0, string bias0, string kernel1, string bias1, bool isUnitsFirst)
    {
        var model = trained.Read();
        var file = Path.Combine(_work.Root, "foreign.safetensors");
        SafetensorsWriter.Write(file, Renamed(model, [kernel0, bias0, kernel1, bias1], isUnitsFirst).Reverse().ToArray(), new Dictionary<string, string>());
        var target = Path.Combine(_work.Root, "mine.safetensors");
        var outcome = await Workspace.Run("import", file, "--layers", "784,512,10", "--model", target);
        Assert.True(outcome.Code == 0, outcome.Error);
        Assert.Equal(model.Parameters, ModelFile.Read(target).Parameters);

        var evaluated = await Workspace.Run("evaluate", "--model", target, "--data", trained.Mnist);
        Assert.True(evaluated.Code == 0, evaluated.Error);
        Assert.Equal((await Workspace.Run("evaluate", "--model", trained.File, "--data", trained.Mnist)).Output, evaluated.Output);
    }

    [Theory]
    [InlineData("784,300,10", "the weights of layer 0 with shape [300, 784], found [512, 784]")]
    [InlineData("784,512,512,10", "3 layers, found 2 (0 [512, 784], 2 [10, 512])")]
    [InlineData("784", "two or more whole numbers")]
    public async Task Layers_that_are_not_in_the_file_are_refused_in_one_sentence_and_leave_no_model(string layers, string sentence)
    {
        var file = Path.Combine(_work.Root, "torch.safetensors");
        SafetensorsWriter.Write(file, Renamed(trained.Read(), ["0.weight", "0.bias", "2.weight", "2.bias"], true).ToArray(), new Dictionary<string, string>());
        var target = Path.Combine(_work.Root, "mine.safetensors");
        var outcome = await Workspace.Run("import", file, "--layers", layers, "--model", target);
        Assert.NotEqual(0, outcome.Code);
        Assert.Contains(sentence, outcome.Sentence, StringComparison.Ordinal);
        Assert.False(File.Exists(target));
    }

    private static IEnumerable<SafetensorsTensor> Renamed(Model model, string[] names, bool isUnitsFirst)
    {
        var layout = ParameterLayout.For(model.Spec.Network);
        foreach (var (tensor, name) in layout.Tensors.Zip(names))
        {
            var values = model.Parameters.AsSpan(tensor.Offset, tensor.Length).ToArray();
            yield return !tensor.IsKernel ? new SafetensorsTensor(name, [tensor.Columns], values)
                : isUnitsFirst ? new SafetensorsTensor(name, [tensor.Columns, tensor.Rows], Transposed(values, tensor.Rows))
                : new SafetensorsTensor(name, [tensor.Rows, tensor.Columns], values);
        }
    }

    private static float[] Transposed(float[] values, int rows)
    {
        var columns = values.Length / rows;
        return [.. Enumerable.Range(0, values.Length).Select(i => values[(i % rows * columns) + (i / rows)])];
    }
}
