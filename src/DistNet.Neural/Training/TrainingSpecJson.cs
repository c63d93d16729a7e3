using System.Text;
using System.Text.Json;

namespace DistNet.Neural;

/// <summary>The run specification as JSON that people read and write.</summary>
/// <remarks>
/// <code>
/// { "format": 1,
///   "network": { "inputs": 784, "loss": "categorical_crossentropy",
///     "layers": [ { "units": 512, "activation": "relu" }, { "units": 10, "activation": "softmax" } ] },
///   "optimizer": { "name": "rmsprop", "learningRate": 0.001 },
///   "schedule": "cosine:warmup=200",
///   "epochs": 5, "batchSize": 128, "seed": 1 }
/// </code>
/// Members are those of <see cref="TrainingSpec"/> in camel case; what is left out takes its default, network and optimizer
/// excepted.
/// Optimizer and schedule may be an object or short text. Comments and trailing commas are allowed.
/// </remarks>
public static class TrainingSpecJson
{
    /// <summary>The version of this format; readers refuse others.</summary>
    public const int Format = 1;

    private static readonly JsonDocumentOptions Lenient = new() { AllowTrailingCommas = true, CommentHandling = JsonCommentHandling.Skip };

    /// <summary>Reads a specification: one by itself, or that of a run in its <c>run.json</c>.</summary>
    /// <param name="json">The text.</param>
    /// <param name="sourceName">Where it is from, named in errors.</param>
    /// <exception cref="InvalidDataException">It is no JSON, has an unknown member or a wrong type, or the run is impossible; one
    /// sentence names source and JSON path.</exception>
    public static TrainingSpec Read(string json, string sourceName)
    {
        ArgumentNullException.ThrowIfNull(json);
        try
        {
            using var document = JsonDocument.Parse(json, Lenient);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("spec", out var spec)
                ? ReadSpec(new JsonMembers(spec, sourceName, "$.spec"))
                : ReadSpec(new JsonMembers(root, sourceName, "$"));
        }
        catch (JsonException fault)
        {
            throw new InvalidDataException(
                $"{sourceName}: line {fault.LineNumber + 1}, byte {fault.BytePositionInLine}: this is not JSON: " +
                $"{fault.Message.Split(". ")[0]}.", fault);
        }
        catch (InvalidOperationException fault) // from JsonElement, for an escaped lone surrogate
        {
            throw new InvalidDataException($"{sourceName}: a string is no valid Unicode text: write it without \\ud800 to \\udfff.", fault);
        }
    }

    /// <summary>Writes a specification, every member spelt out.</summary>
    /// <exception cref="ArgumentException">The run is impossible.</exception>
    public static string Write(TrainingSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        spec.Validate();
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream, new JsonWriterOptions { Indented = true }))
            WriteSpec(writer, spec);
        return Encoding.UTF8.GetString(stream.ToArray());
    }

    private static TrainingSpec ReadSpec(JsonMembers members)
    {
        var format = members.Int32("format", Format);
        if (format != Format)
            throw members.Fault("format", $"must be {Format}, the format this version of DistNet reads, but is {format}");
        var standard = new TrainingSpec
        {
            Network = ReadNetwork(members.Object("network")),
            Optimizer = members.Named("optimizer", OptimizerSpec.From) ?? throw members.Missing("optimizer"),
        };
        var spec = standard with
        {
            Schedule = members.Named("schedule", ScheduleSpec.From) ?? standard.Schedule,
            WeightDecay = members.Single("weightDecay", standard.WeightDecay),
            Epochs = members.Int32("epochs", standard.Epochs),
            BatchSize = members.Int32("batchSize", standard.BatchSize),
            MicroBatchSize = members.Int32("microBatchSize", standard.MicroBatchSize),
            Seed = members.Int32("seed", standard.Seed),
            ValidationFraction = members.Double("validationFraction", standard.ValidationFraction),
            EarlyStoppingPatience = members.OptionalInt32("earlyStoppingPatience"),
            Distortion = members.Named("distortion", DistortionSpec.From),
        };
        members.RefuseUnknown();
        return TrainingRules.FirstProblem(spec, exampleCount: null) is { } problem ? throw members.Impossible(problem) : spec;
    }

    private static NetworkSpec ReadNetwork(JsonMembers members)
    {
        var network = new NetworkSpec
        {
            InputSize = members.Int32("inputs"),
            Layers = [.. members.Array("layers").Select(ReadLayer)],
            Loss = members.Name<Loss>("loss"),
        };
        members.RefuseUnknown();
        return network;
    }

    private static DenseSpec ReadLayer(JsonMembers members)
    {
        var layer = new DenseSpec(
            members.Int32("units"),
            members.Name<Activation>("activation", Activation.Linear),
            members.Name<Initializer>("initializer", Initializer.GlorotUniform))
        {
            Dropout = members.Single("dropout", 0),
        };
        members.RefuseUnknown();
        return layer;
    }

    private static void WriteSpec(Utf8JsonWriter writer, TrainingSpec spec)
    {
        writer.WriteStartObject();
        writer.WriteNumber("format", Format);
        WriteNetwork(writer, spec.Network);
        WriteNamed(writer, "optimizer", spec.Optimizer.Name, spec.Optimizer.Constants(), writer.WriteNumber);
        WriteNamed(writer, "schedule", spec.Schedule.Name, spec.Schedule.Constants(), writer.WriteNumber);
        writer.WriteNumber("weightDecay", spec.WeightDecay);
        writer.WriteNumber("epochs", spec.Epochs);
        writer.WriteNumber("batchSize", spec.BatchSize);
        writer.WriteNumber("microBatchSize", spec.MicroBatchSize);
        writer.WriteNumber("seed", spec.Seed);
        writer.WriteNumber("validationFraction", spec.ValidationFraction);
        if (spec.EarlyStoppingPatience is { } patience)
            writer.WriteNumber("earlyStoppingPatience", patience);
        if (spec.Distortion is { } distortion)
            WriteNamed(writer, "distortion", distortion.Name, distortion.Constants(), writer.WriteNumber);
        writer.WriteEndObject();
    }

    private static void WriteNetwork(Utf8JsonWriter writer, NetworkSpec network)
    {
        writer.WriteStartObject("network");
        writer.WriteNumber("inputs", network.InputSize);
        writer.WriteStartArray("layers");
        foreach (var layer in network.Layers)
        {
            writer.WriteStartObject();
            writer.WriteNumber("units", layer.Units);
            writer.WriteString("activation", KerasNames.Of(layer.Activation));
            writer.WriteString("initializer", KerasNames.Of(layer.Initializer));
            if (layer.Dropout != 0) // left out where it is not used, so that a specification without it reads as it always did
                writer.WriteNumber("dropout", layer.Dropout);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("loss", KerasNames.Of(network.Loss));
        writer.WriteEndObject();
    }

    private static void WriteNamed<T>(
        Utf8JsonWriter writer, string member, string name, IEnumerable<KeyValuePair<string, T>> constants, Action<string, T> write)
    {
        writer.WriteStartObject(member);
        writer.WriteString("name", name);
        foreach (var (key, value) in constants)
            write(key, value);
        writer.WriteEndObject();
    }
}
