using System.Collections.Immutable;
using System.Globalization;

namespace DistNet.Neural;

/// <summary>A <see cref="Checkpoint"/> as a safetensors file that any safetensors reader understands.</summary>
/// <remarks>
/// Tensors: <c>dense_0/kernel</c> [inputs, units], <c>dense_0/bias</c> [units], ..., and each optimizer slot in the same layout as
/// <c>optimizer/SLOT/dense_0/kernel</c>, .... Metadata, all texts: <c>kind</c>, <c>formatVersion</c>, <c>spec</c>, <c>dataHash</c>, <c>version</c>,
/// <c>epochStatistics</c>, <c>history</c>, <c>sha256</c> (see <see cref="SafetensorsWriter"/>). Tensors are whole, so a run resumes
/// with any number of workers and shards.
/// </remarks>
public static class CheckpointFile
{
    private const string Kind = "checkpoint";
    private const string SlotPrefix = "optimizer/";

    /// <summary>Writes a checkpoint so that it is either wholly there or not at all.</summary>
    /// <param name="path">The file; replaced if it exists. Its folder must exist.</param>
    /// <param name="checkpoint">What to write.</param>
    /// <exception cref="ArgumentException">The parameters or a slot do not fit the network.</exception>
    /// <exception cref="IOException">The disk is full, read-only or gone; nothing is left and what was there is unchanged.</exception>
    public static void Write(string path, Checkpoint checkpoint)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        ArgumentOutOfRangeException.ThrowIfNegative(checkpoint.Version);
        var layout = ParameterLayout.For(checkpoint.Spec.Network);
        var tensors = ParameterTensors.Of(layout, checkpoint.Parameters, "")
            .Concat(checkpoint.Slots.SelectMany(slot => ParameterTensors.Of(layout, slot.Value, Prefix(slot.Key))));
        SafetensorsWriter.Write(path, [.. tensors], Metadata(checkpoint));
    }

    /// <summary>Reads a checkpoint and checks all of it.</summary>
    /// <exception cref="InvalidDataException">The file is damaged, or is no checkpoint.</exception>
    /// <exception cref="IOException">The file is missing or cannot be read.</exception>
    public static Checkpoint Read(string path)
    {
        using var file = SafetensorsReader.Open(path);
        FileFormat.Check(path, file.Metadata, Kind);
        var spec = TrainingSpecJson.Read(FileFormat.Text(path, file.Metadata, "spec"), path);
        var layout = ParameterLayout.For(spec.Network);
        var slots = spec.Optimizer.SlotNames;
        ParameterTensors.CheckCount(path, file, layout.Tensors.Length * (1 + slots.Count));
        return new Checkpoint
        {
            Spec = spec,
            DataHash = FileFormat.Text(path, file.Metadata, "dataHash"),
            Version = FileFormat.Integer(path, file.Metadata, "version"),
            Parameters = ParameterTensors.Read(path, file, layout, ""),
            Slots = slots.ToDictionary(slot => slot, slot => ParameterTensors.Read(path, file, layout, Prefix(slot))),
            EpochStatistics = Json(path, file.Metadata, "epochStatistics", TrainingJson.ReadStatistics),
            History = Json(path, file.Metadata, "history", TrainingJson.ReadHistory),
        };
    }

    private static string Prefix(string slot) => $"{SlotPrefix}{slot}/";

    private static Dictionary<string, string> Metadata(Checkpoint checkpoint) => new(FileFormat.Metadata(Kind))
    {
        ["spec"] = TrainingJson.Text(writer => TrainingJson.Write(writer, checkpoint.Spec)),
        ["dataHash"] = checkpoint.DataHash,
        ["version"] = checkpoint.Version.ToString(CultureInfo.InvariantCulture),
        ["epochStatistics"] = TrainingJson.Text(writer => TrainingJson.Write(writer, checkpoint.EpochStatistics)),
        ["history"] = TrainingJson.Text(writer => TrainingJson.Write(writer, checkpoint.History)),
    };

    private static T Json<T>(string path, ImmutableDictionary<string, string> metadata, string name, Func<JsonFields, T> read) =>
        JsonFields.Parse(path, FileFormat.Text(path, metadata, name), read);
}
