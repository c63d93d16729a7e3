namespace DistNet.Neural;

/// <summary>A network as an ONNX graph: pixels are divided, then come the layers, one Gemm and one activation each.</summary>
/// <remarks>Numbers of fields and types are those of onnx.proto, IR version 8; operators are those of opset 17.</remarks>
internal sealed class OnnxGraph
{
    private const int Float = 1; // TensorProto.DataType
    private const int Int64 = 7;

    private readonly Model _model;
    private readonly ParameterLayout _layout;
    private readonly OnnxMessage _graph = new();

    private OnnxGraph(Model model) => (_model, _layout) = (model, ParameterLayout.For(model.Spec.Network));

    /// <summary>The GraphProto of a model.</summary>
    public static OnnxMessage Of(Model model) => new OnnxGraph(model).Build();

    private OnnxMessage Build()
    {
        var network = _model.Spec.Network;
        AddInitializer("scale", [], [OnnxFile.PixelScale]);
        var values = AddNode("Div", [OnnxFile.Input, "scale"], "inputs");
        for (var layer = 0; layer < network.Layers.Length; layer++)
            values = AddLayer(layer, values, layer == network.Layers.Length - 1 ? OnnxFile.Output : $"activations_{layer}");
        AddNode("ArgMax", [OnnxFile.Output], OnnxFile.Label, Attribute("axis", -1), Attribute("keepdims", 0));

        _graph.Add(2, "distnet"); // name
        _graph.Add(11, ValueInfo(OnnxFile.Input, Float, network.InputSize)); // input
        _graph.Add(12, ValueInfo(OnnxFile.Output, Float, network.OutputSize)); // output
        _graph.Add(12, ValueInfo(OnnxFile.Label, Int64));
        return _graph;
    }

    private string AddLayer(int layer, string inputs, string outputs)
    {
        var (kernel, bias) = (_layout.Kernel(layer), _layout.Bias(layer));
        AddInitializer(kernel.Name, [kernel.Rows, kernel.Columns], Numbers(kernel));
        AddInitializer(bias.Name, [bias.Columns], Numbers(bias));
        var sums = AddNode("Gemm", [inputs, kernel.Name, bias.Name], $"sums_{layer}");
        return _model.Spec.Network.Layers[layer].Activation switch
        {
            Activation.Linear => AddNode("Identity", [sums], outputs),
            Activation.Relu => AddNode("Relu", [sums], outputs),
            Activation.Sigmoid => AddNode("Sigmoid", [sums], outputs),
            Activation.Tanh => AddNode("Tanh", [sums], outputs),
            Activation.Softmax => AddNode("Softmax", [sums], outputs, Attribute("axis", -1)),
            var other => throw new ArgumentException($"The activation {other} cannot be written as ONNX."),
        };
    }

    private ReadOnlySpan<float> Numbers(ParameterTensor tensor) => _model.Parameters.AsSpan(tensor.Offset, tensor.Length);

    private string AddNode(string operation, string[] inputs, string output, params OnnxMessage[] attributes)
    {
        var node = new OnnxMessage();
        foreach (var input in inputs)
            node.Add(1, input);
        node.Add(2, output).Add(3, $"{operation}_{output}").Add(4, operation);
        foreach (var attribute in attributes)
            node.Add(5, attribute);
        _graph.Add(1, node);
        return output;
    }

    private static OnnxMessage Attribute(string name, long value) => new OnnxMessage().Add(1, name).Add(3, value).Add(20, 2L); // of type INT

    private void AddInitializer(string name, long[] shape, ReadOnlySpan<float> numbers)
    {
        using var bytes = new MemoryStream(numbers.Length * sizeof(float));
        LittleEndianFloats.Send(numbers, bytes.Write);
        var tensor = new OnnxMessage();
        foreach (var size in shape)
            tensor.Add(1, size);
        _graph.Add(5, tensor.Add(2, Float).Add(8, name).Add(9, bytes.GetBuffer().AsMemory()));
    }

    /// <summary>A value whose first dimension is the number of examples, whichever it is.</summary>
    private static OnnxMessage ValueInfo(string name, long type, params long[] sizes)
    {
        var shape = new OnnxMessage().Add(1, new OnnxMessage().Add(2, "examples"));
        foreach (var size in sizes)
            shape.Add(1, new OnnxMessage().Add(1, size));
        var tensor = new OnnxMessage().Add(1, type).Add(2, shape);
        return new OnnxMessage().Add(1, name).Add(2, new OnnxMessage().Add(1, tensor));
    }
}
