using System.Globalization;
using System.Reflection;

namespace DistNet.Neural;

/// <summary>A <see cref="Model"/> as an ONNX file, for ONNX Runtime and whatever else reads that format.</summary>
/// <remarks>
/// Input <c>pixels</c>, float32 [examples, inputs]: pixels from 0 to 255, as images hold them; the division by 255 is in the graph. Outputs
/// <c>probabilities</c>, float32 [examples, outputs], after the last activation, and <c>label</c>, int64 [examples], the greatest one's index. The number of
/// examples is free. Opset 17, IR version 8 (onnx.ai). Metadata: <c>weightsSha256</c>, <c>version</c> (steps made) and <c>spec</c>.
/// </remarks>
public static class OnnxFile
{
    /// <summary>Name of the input.</summary>
    public const string Input = "pixels";

    /// <summary>Name of the outputs of the last layer.</summary>
    public const string Output = "probabilities";

    /// <summary>Name of the most probable class.</summary>
    public const string Label = "label";

    internal const float PixelScale = 255;

    private const int IrVersion = 8;
    private const int Opset = 17;

    // A message of Protocol Buffers holds less than 2 GiB.
    private const long MaxBytes = int.MaxValue - (1 << 20);

    /// <summary>Writes a model so that it is either wholly there or not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="model">What to write.</param>
    /// <exception cref="ArgumentException">The parameters do not fit the network, or are more than an ONNX file holds, 2 GiB.</exception>
    /// <exception cref="IOException">The disk is full, read-only or gone; nothing is left and what was there is unchanged.</exception>
    public static void Write(string path, Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var count = ParameterLayout.For(model.Spec.Network).Count;
        if (model.Parameters.Length != count)
            throw new ArgumentException($"The network has {count} parameters, but the model holds {model.Parameters.Length}.", nameof(model));
        if ((long)count * sizeof(float) > MaxBytes)
            throw new ArgumentException($"An ONNX file holds less than 2 GiB, but {count} parameters take more.", nameof(model));
        var message = Of(model);
        AtomicFile.Write(path, message.WriteTo);
    }

    private static OnnxMessage Of(Model model)
    {
        var version = typeof(OnnxFile).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
        return new OnnxMessage()
            .Add(1, IrVersion)
            .Add(2, "DistNet") // producer_name
            .Add(3, version) // producer_version
            .Add(7, OnnxGraph.Of(model))
            .Add(8, new OnnxMessage().Add(1, "").Add(2, Opset)) // opset_import
            .Add(14, Entry("weightsSha256", WeightsHash.Of(model.Parameters)))
            .Add(14, Entry("version", model.Version.ToString(CultureInfo.InvariantCulture)))
            .Add(14, Entry("spec", TrainingSpecJson.Write(model.Spec)));
    }

    private static OnnxMessage Entry(string key, string value) => new OnnxMessage().Add(1, key).Add(2, value);
}
