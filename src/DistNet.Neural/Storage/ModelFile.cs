using System.Globalization;

namespace DistNet.Neural;

/// <summary>A <see cref="Model"/> as a safetensors file that any safetensors reader understands.</summary>
/// <remarks>
/// Tensors: <c>dense_0/kernel</c> [inputs, units], <c>dense_0/bias</c> [units], .... Metadata, all texts: <c>kind</c>, <c>formatVersion</c>,
/// <c>spec</c>, <c>data</c>, <c>version</c>, <c>sha256</c> (see <see cref="SafetensorsWriter"/>).
/// The tensors lie in <see cref="ParameterLayout"/> order, so the SHA-256 of the data section alone is <see cref="WeightsHash"/>.
/// </remarks>
public static class ModelFile
{
    private const string Kind = "model";

    /// <summary>Writes a model so that it is either wholly there or not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="model">What to write.</param>
    /// <exception cref="ArgumentException">The parameters do not fit the network.</exception>
    /// <exception cref="IOException">The disk is full, read-only or gone; nothing is left and what was there is unchanged.</exception>
    public static void Write(string path, Model model)
    {
        ArgumentNullException.ThrowIfNull(model);
        var layout = ParameterLayout.For(model.Spec.Network);
        SafetensorsWriter.Write(path, [.. ParameterTensors.Of(layout, model.Parameters, "")], new Dictionary<string, string>(FileFormat.Metadata(Kind))
        {
            ["spec"] = TrainingJson.Text(writer => TrainingJson.Write(writer, model.Spec)),
            ["data"] = TrainingJson.Text(model.Data.Write),
            ["version"] = model.Version.ToString(CultureInfo.InvariantCulture),
        });
    }

    /// <summary>Reads a model and checks all of it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is no model.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Model Read(string path)
    {
        using var file = SafetensorsReader.Open(path);
        FileFormat.Check(path, file.Metadata, Kind);
        var spec = TrainingSpecJson.Read(FileFormat.Text(path, file.Metadata, "spec"), path);
        var layout = ParameterLayout.For(spec.Network);
        ParameterTensors.CheckCount(path, file, layout.Tensors.Length);
        return new Model
        {
            Spec = spec,
            Data = JsonFields.Parse(path, FileFormat.Text(path, file.Metadata, "data"), DataDescription.Read),
            Version = FileFormat.Integer(path, file.Metadata, "version"),
            Parameters = ParameterTensors.Read(path, file, layout, ""),
        };
    }
}
