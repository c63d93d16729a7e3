using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace DistNet;

/// <summary>What a run came to, for programs: with --json the only line on standard output.</summary>
internal sealed record ResultLine
{
    /// <summary>The run's identity.</summary>
    [JsonPropertyOrder(0)]
    public required string Run { get; init; }

    /// <summary>"actors" or "plain".</summary>
    [JsonPropertyOrder(1)]
    public required string Engine { get; init; }

    /// <summary>Workers that computed gradients.</summary>
    [JsonPropertyOrder(2)]
    public required int Workers { get; init; }

    /// <summary>Ranges the parameter vector was cut into.</summary>
    [JsonPropertyOrder(3)]
    public required int ParameterShards { get; init; }

    /// <summary>Processes that took part.</summary>
    [JsonPropertyOrder(4)]
    public required int Nodes { get; init; }

    /// <summary>Epochs completed, earlier sessions of the run included.</summary>
    [JsonPropertyOrder(5)]
    public required int Epochs { get; init; }

    /// <summary>Steps made, earlier sessions included.</summary>
    [JsonPropertyOrder(6)]
    public required long Steps { get; init; }

    /// <summary>Examples counted, earlier sessions included.</summary>
    [JsonPropertyOrder(7)]
    public required long Examples { get; init; }

    /// <summary>Seconds this session spent on steps; loading and evaluation not included.</summary>
    [JsonPropertyOrder(8)]
    public required double TrainSeconds { get; init; }

    /// <summary>Examples of this session by its <see cref="TrainSeconds"/>.</summary>
    [JsonPropertyOrder(9)]
    public required double ExamplesPerSecond { get; init; }

    /// <summary>Mean training loss of the last epoch.</summary>
    [JsonPropertyOrder(10)]
    public required double TrainLoss { get; init; }

    /// <summary>Mean loss over the test set.</summary>
    [JsonPropertyOrder(11)]
    public required double TestLoss { get; init; }

    /// <summary>Share of the test set answered correctly.</summary>
    [JsonPropertyOrder(12)]
    public required double TestAccuracy { get; init; }

    /// <summary>SHA-256 over the parameters as little-endian float32 in layout order.</summary>
    [JsonPropertyOrder(13)]
    public required string WeightsSha256 { get; init; }

    /// <summary>Path of the model file.</summary>
    [JsonPropertyOrder(14)]
    public required string Model { get; init; }

    /// <summary>The line, without its end.</summary>
    public string ToJson() => JsonSerializer.Serialize(this, ResultLineContext.Readable.ResultLine);
}

/// <summary>Serializes without reflection, which would cost start-up time.</summary>
[JsonSerializable(typeof(ResultLine))]
internal sealed partial class ResultLineContext : JsonSerializerContext
{
    /// <summary>One line in camel case, which leaves the letters of paths as they are.</summary>
    public static ResultLineContext Readable { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
