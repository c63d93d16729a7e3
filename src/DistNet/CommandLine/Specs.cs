using System.Text.Json;
using DistNet.Neural;

namespace DistNet;

/// <summary>Turns an impossible specification from a mistake of the caller's into one of the user's.</summary>
internal static class Specs
{
    /// <summary>The network, if it is possible.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static NetworkSpec Valid(NetworkSpec network)
    {
        Check(network.Validate);
        return network;
    }

    /// <summary>The specification, if it is possible for that many training examples.</summary>
    /// <exception cref="UsageException">It is not.</exception>
    public static TrainingSpec Valid(TrainingSpec spec, int exampleCount)
    {
        Check(() => spec.Validate(exampleCount));
        return spec;
    }

    /// <summary>The specification in a file: one by itself, or that of a run in its run.json.</summary>
    /// <exception cref="InvalidDataException">It holds neither.</exception>
    public static TrainingSpec ReadFile(string path)
    {
        var json = File.ReadAllText(path);
        return TrainingSpecJson.Read(SpecOfRun(json) ?? json, path);
    }

    // What is no JSON is told by the reader of specifications.
    private static string? SpecOfRun(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("spec", out var spec) ? spec.GetRawText() : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static void Check(Action validate)
    {
        try
        {
            validate();
        }
        catch (ArgumentException impossible)
        {
            throw new UsageException(impossible.Message);
        }
    }
}
